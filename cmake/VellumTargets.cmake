# One place for flags. Targets stay free of them.
add_library(vellum_flags INTERFACE)
target_compile_features(vellum_flags INTERFACE cxx_std_20)
target_compile_options(vellum_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wnon-virtual-dtor;-Woverloaded-virtual;-Wundef;-Wimplicit-fallthrough>)
# Coroutines only, no deprecated names; the resolver and TLS parts of Asio stay out of most translation units.
target_compile_definitions(vellum_flags INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_HAS_STD_INVOKE_RESULT=1)
# g++ 12 sees half of how Asio allocates a coroutine frame where it inlines one, that is in optimised builds.
if(VELLUM_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(vellum_flags INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-mismatched-new-delete>)
endif()
if(VELLUM_SANITIZE)
  target_compile_options(vellum_flags INTERFACE -fsanitize=${VELLUM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(vellum_flags INTERFACE -fsanitize=${VELLUM_SANITIZE})
  if(VELLUM_SANITIZE MATCHES thread)
    target_compile_options(vellum_flags INTERFACE -Wno-tsan)  # Asio's fences
  endif()
endif()

# vellum_library(name SOURCES a.cpp HEADERS a.h DEPENDS vellum::x PRIVATE_DEPENDS y)
# A library without sources is an INTERFACE library, so that a folder can start as headers.
function(vellum_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  if(ARG_SOURCES)
    add_library(vellum_${name} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    target_include_directories(vellum_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(vellum_${name} PUBLIC ${ARG_DEPENDS} PRIVATE vellum_flags ${ARG_PRIVATE_DEPENDS})
    set_target_properties(vellum_${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  else()
    add_library(vellum_${name} INTERFACE)
    target_include_directories(vellum_${name} INTERFACE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(vellum_${name} INTERFACE ${ARG_DEPENDS})
  endif()
  add_library(vellum::${name} ALIAS vellum_${name})
endfunction()

# vellum_test(name SOURCES a_test.cpp DEPENDS vellum::x LABELS unit): one GoogleTest program, each case a ctest test.
function(vellum_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} vellum_flags GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE VELLUM_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
                                             VELLUM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 120)
endfunction()
