# The program `mezz`, and what it says it was built from.
find_package(Git QUIET)
set(MEZZ_GIT_COMMIT unknown)
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty --abbrev=12
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE git_commit
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE git_failed)
  if(NOT git_failed AND git_commit)
    set(MEZZ_GIT_COMMIT ${git_commit})
  endif()
endif()
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
set_source_files_properties(scenarios/build_info.cpp PROPERTIES COMPILE_DEFINITIONS
  "MEZZ_GIT_COMMIT=\"${MEZZ_GIT_COMMIT}\";MEZZ_VERSION=\"${PROJECT_VERSION}\";MEZZ_BUILD_FLAGS=\"${CMAKE_BUILD_TYPE} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}\"")
set_source_files_properties(scenarios/catalogue.cpp scenarios/validation/recorded_table.cpp
  scenarios/validation/validate.cpp PROPERTIES COMPILE_DEFINITIONS MEZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

add_executable(mezz scenarios/mezz.cpp)
target_link_libraries(mezz PRIVATE mezz_scenarios_sweep mezz_scenarios fmt::fmt CLI11::CLI11)

# Opens result files for mezz, in a process that may crash; found beside it.
add_executable(mezz-h5read analysis/reader/mezz_h5read.cpp)
target_link_libraries(mezz-h5read PRIVATE mezz_analysis_reader)
add_dependencies(mezz mezz-h5read)
install(TARGETS mezz mezz-h5read)
if(MEZZ_WITH_GUI)
  # What `mezz view` becomes: a program of its own, so that mezz never loads Qt.
  add_executable(mezz-view gui/app/mezz_view.cpp)
  target_link_libraries(mezz-view PRIVATE mezz_gui_app)
  add_dependencies(mezz-view mezz-h5read)
  install(TARGETS mezz-view)
endif()
install(DIRECTORY scenarios/catalogue scenarios/questions DESTINATION share/mezzanine)
