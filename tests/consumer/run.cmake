# Installs the SDK into a fresh prefix and builds the examples against it, as an author would: with find_package, with
# pkg-config. Then the real program runs their tests.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}: ${code}\n${out}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

set(work "${BUILD}/consumer")
set(prefix "${work}/prefix")
file(REMOVE_RECURSE "${work}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --component sdk --prefix "${prefix}")
file(COPY "${EXAMPLES}" DESTINATION "${work}")  # out of tree: nothing of the source tree beside them

# find_package(vellum 1) and vellum_plugin().
set(tree "${work}/examples")
run("${CMAKE_COMMAND}" -S "${tree}" -B "${work}/cmake" "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_C_COMPILER=${CC}"
    "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror -pedantic"
    "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror -pedantic")
run("${CMAKE_COMMAND}" --build "${work}/cmake")

# pkg-config; the prefix of the .pc file is where the installation was meant to be, so it is told where it is.
file(GLOB_RECURSE pc "${prefix}/vellum-plugin.pc")
get_filename_component(pc_dir "${pc}" DIRECTORY)
set(ENV{PKG_CONFIG_PATH} "${pc_dir}")
foreach(kind cflags libs)
  run(pkg-config "--define-variable=prefix=${prefix}" --${kind} vellum-plugin)
  separate_arguments(${kind} UNIX_COMMAND "${output}")
endforeach()
set(strict -Wall -Wextra -Werror -pedantic -fPIC -fvisibility=hidden)
foreach(example title coins)
  file(COPY "${tree}/${example}/plugin.toml" "${tree}/${example}/tests" DESTINATION "${work}/pkg-config/${example}")
endforeach()
run("${CC}" -std=c11 ${strict} ${cflags} "${tree}/title/title.c" ${libs} -o "${work}/pkg-config/title/title.vellum")
run("${CXX}" -std=c++17 ${strict} ${cflags} "${tree}/coins/coins.cpp" ${libs} -o "${work}/pkg-config/coins/coins.vellum")

# The header is C11, C++11 and later; the C++ face C++17 and later.
file(WRITE "${work}/header.c" "#include <vellum/plugin.h>\nint f(void);\nint f(void) { return 0; }\n")
file(WRITE "${work}/face.cpp" "#include <vellum/plugin.hpp>\n")
foreach(standard c11 c17)
  run("${CC}" -std=${standard} ${strict} ${cflags} -fsyntax-only "${work}/header.c")
endforeach()
foreach(standard 11 14 17 20)
  run("${CXX}" -x c++ -std=c++${standard} ${strict} ${cflags} -fsyntax-only "${work}/header.c")
endforeach()
foreach(standard 17 20)
  run("${CXX}" -std=c++${standard} ${strict} ${cflags} -fsyntax-only "${work}/face.cpp")
endforeach()

# One symbol and no other, in each of them.
file(READ "${HERE}/exports.txt" wanted)
foreach(library cmake/title/title cmake/coins/coins pkg-config/title/title pkg-config/coins/coins)
  run("${NM}" -D --defined-only --format=just-symbols "${work}/${library}.vellum")
  if(NOT output STREQUAL wanted)
    message(FATAL_ERROR "${library}.vellum exports:\n${output}wanted, by exports.txt:\n${wanted}")
  endif()
endforeach()

# The program and its worker load them.
foreach(how cmake pkg-config)
  set(ENV{VELLUM_PLUGINS} "${work}/${how}")
  run("${PROGRAM}" plugin test)
  if(NOT output MATCHES "2 of 2 tests passed")
    message(FATAL_ERROR "${how}: ${output}")
  endif()
endforeach()
