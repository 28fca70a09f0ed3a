# The tidy tests: the helpers of test_tidy, and the target header_check, in which every header is a
# translation unit of its own (it must compile alone). Included by tests/CMakeLists.txt. Both look at
# the sources, not at the running program: a sanitizer or coverage build would learn nothing new.
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "-fsanitize|--coverage")
  return()
endif()
mezz_tests(tidy FINDS_SOURCES)
if(NOT TARGET test_tidy)
  return()
endif()
target_sources(test_tidy PRIVATE ${CMAKE_CURRENT_LIST_DIR}/scan.cpp
               ${CMAKE_CURRENT_LIST_DIR}/layers.cpp ${CMAKE_CURRENT_LIST_DIR}/tree.cpp)
target_compile_definitions(test_tidy PRIVATE MEZZ_CXX_COMPILER="${CMAKE_CXX_COMPILER}")

file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     ${PROJECT_SOURCE_DIR}/sim/*.h ${PROJECT_SOURCE_DIR}/models/*.h
     ${PROJECT_SOURCE_DIR}/scenarios/*.h ${PROJECT_SOURCE_DIR}/analysis/*.h)
if(MEZZ_WITH_GUI)
  file(GLOB_RECURSE gui_headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/gui/*.h)
  list(APPEND headers ${gui_headers})
endif()
set(header_units "")
foreach(header ${headers})
  string(REPLACE "/" "_" unit ${header})
  set(unit ${CMAKE_CURRENT_BINARY_DIR}/header_check/${unit}.cpp)
  file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n")
  list(APPEND header_units ${unit})
endforeach()
if(header_units)
  add_library(header_check OBJECT EXCLUDE_FROM_ALL ${header_units})
  target_link_libraries(header_check PRIVATE mezz_options fmt::fmt nlohmann_json::nlohmann_json hdf5::hdf5)
  if(MEZZ_WITH_GUI)
    target_link_libraries(header_check PRIVATE Qt6::Widgets)
  endif()
  target_compile_options(header_check PRIVATE -O0 -g0)
  add_test(NAME Headers.EachCompilesAlone
           COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target header_check -- -k 0)
  set_tests_properties(Headers.EachCompilesAlone PROPERTIES LABELS slow TIMEOUT 1800 PROCESSORS 2)
endif()
