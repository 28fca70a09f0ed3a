# The tests of analysis/python, one entry per file; they run the real mezz. Debian's python3, because
# the packages of scripts/setup are installed for it.
if(NOT "python" MATCHES "${MEZZ_TEST_FOLDERS}")
  return()
endif()
file(GLOB python_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*_test.py)
foreach(file ${python_tests})
  get_filename_component(name ${file} NAME_WE)
  add_test(NAME Python.${name} COMMAND /usr/bin/python3 -B ${file})
  set_tests_properties(Python.${name} PROPERTIES LABELS slow TIMEOUT 900 SKIP_REGULAR_EXPRESSION "^skipped: "
    ENVIRONMENT "MEZZ=$<TARGET_FILE:mezz>;PYTHONPATH=${PROJECT_SOURCE_DIR}/analysis/python")
endforeach()
