# vellum_plugin(name SOURCES a.cpp [FOLDER dir]): <name>.vellum, a library that exports vellum_plugin_entry and nothing
# else, in the folder <build>/<name>/. With FOLDER, the plugin.toml of that folder and its tests/ are copied there too, so
# that VELLUM_PLUGINS=<build> makes a program use the plugin.
set(VELLUM_PLUGIN_EXPORTS "${CMAKE_CURRENT_LIST_DIR}/plugin.version")

function(vellum_plugin name)
  cmake_parse_arguments(ARG "" "FOLDER" "SOURCES" ${ARGN})
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "vellum_plugin(${name}) needs SOURCES")
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE vellum::sdk)
  target_compile_features(${name} PRIVATE c_std_11 cxx_std_17)
  target_link_options(${name} PRIVATE "LINKER:--version-script=${VELLUM_PLUGIN_EXPORTS}" LINKER:--no-undefined)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".vellum" LINK_DEPENDS "${VELLUM_PLUGIN_EXPORTS}"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  if(ARG_FOLDER)
    get_filename_component(folder "${ARG_FOLDER}" ABSOLUTE)
    file(GLOB files CONFIGURE_DEPENDS RELATIVE "${folder}" "${folder}/plugin.toml" "${folder}/tests/*")
    foreach(file ${files})
      configure_file("${folder}/${file}" "${CMAKE_CURRENT_BINARY_DIR}/${name}/${file}" COPYONLY)
    endforeach()
  endif()
endfunction()
