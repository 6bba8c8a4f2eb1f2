# One place for flags. Targets stay free of them.
add_library(vellum_flags INTERFACE)
target_compile_features(vellum_flags INTERFACE cxx_std_20)
target_compile_options(vellum_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wnon-virtual-dtor;-Woverloaded-virtual;-Wundef;-Wimplicit-fallthrough>)
target_compile_options(vellum_flags INTERFACE -pthread)  # re2 asks for it; all must have it for the precompiled header
# Coroutines only, no deprecated names; the resolver and TLS parts of Asio stay out of most translation units.
target_compile_definitions(vellum_flags INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_HAS_STD_INVOKE_RESULT=1)
# Where it inlines, g++ 12 sees half of how Asio allocates a coroutine frame, and calls string copies out of bounds or
# overlapping that are not (GCC bugs 105329, 105651). A precompiled header takes away a system header's silence on them.
# What these warnings would find, the sanitizers find.
if(VELLUM_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(vellum_flags INTERFACE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-mismatched-new-delete;-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>)
endif()
if(VELLUM_SANITIZE)
  target_compile_options(vellum_flags INTERFACE -fsanitize=${VELLUM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(vellum_flags INTERFACE -fsanitize=${VELLUM_SANITIZE})
  if(VELLUM_SANITIZE MATCHES thread)
    target_compile_options(vellum_flags INTERFACE -Wno-tsan)  # Asio's fences
  endif()
endif()

# What almost every translation unit includes, parsed once for the whole build: a tenth of a release build, more of a debug one. g++ takes
# a precompiled header only where flags and macros are the same, so it is built with what every target has.
option(VELLUM_PRECOMPILE "Parse the standard headers once, as a precompiled header" ON)
if(VELLUM_PRECOMPILE)
  add_library(vellum_precompiled OBJECT "${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp")
  target_link_libraries(vellum_precompiled PRIVATE vellum_flags fmt::fmt tl::expected)
  target_compile_options(vellum_flags INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)  # for ccache
  # Named without the tree's path, so that ccache knows it again in another folder.
  target_include_directories(vellum_precompiled PRIVATE "${PROJECT_SOURCE_DIR}")
  set_target_properties(vellum_precompiled PROPERTIES CXX_EXTENSIONS OFF)
  target_precompile_headers(vellum_precompiled PRIVATE <cmake/precompiled.h>)
endif()

# vellum_flavour(target [header...]): the flags, the standard and the precompiled header that all targets share. A target
# that names heavy headers of its own gets a precompiled header with these in it.
function(vellum_flavour target)
  target_link_libraries(${target} PRIVATE vellum_flags)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(VELLUM_PRECOMPILE AND ARGN)
    target_precompile_headers(${target} PRIVATE <cmake/precompiled.h> ${ARGN})
  elseif(VELLUM_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM vellum_precompiled)
  endif()
endfunction()

# vellum_library(name SOURCES a.cpp HEADERS a.h DEPENDS vellum::x PRIVATE_DEPENDS y)
# A library without sources is an INTERFACE library, so that a folder can start as headers.
function(vellum_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  if(ARG_SOURCES)
    add_library(vellum_${name} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    target_include_directories(vellum_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(vellum_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
    vellum_flavour(vellum_${name})
  else()
    add_library(vellum_${name} INTERFACE)
    target_include_directories(vellum_${name} INTERFACE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(vellum_${name} INTERFACE ${ARG_DEPENDS})
  endif()
  add_library(vellum::${name} ALIAS vellum_${name})
endfunction()

# vellum_test(name SOURCES a_test.cpp DEPENDS vellum::x LABELS unit TIMEOUT 120): one GoogleTest program, each case a ctest
# test.
function(vellum_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE VELLUM_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
                                             VELLUM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  vellum_flavour(${name})
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
