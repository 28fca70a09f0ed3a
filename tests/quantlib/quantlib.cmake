# QuantLib as an independent oracle over random inputs, an executable of its own, where
# libquantlib0-dev is installed; never a dependency. Boost 1.81 removes that package, and its headers
# with this library hang: Debian's default Boost is the right one.
if(NOT "quantlib" MATCHES "${MEZZ_TEST_FOLDERS}" AND NOT MEZZ_BENCHMARKS)
  return()
endif()
pkg_check_modules(quantlib IMPORTED_TARGET quantlib)
if(NOT quantlib_FOUND)
  message(STATUS "no QuantLib: its comparison with models/pricing is left out")
  return()
endif()
add_library(quantlib_peer STATIC ${CMAKE_CURRENT_LIST_DIR}/peer.cpp)
set_target_properties(quantlib_peer PROPERTIES CXX_STANDARD 17)
target_compile_definitions(quantlib_peer INTERFACE MEZZ_QUANTLIB)
target_include_directories(quantlib_peer PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(quantlib_peer PRIVATE PkgConfig::quantlib)
mezz_tests(quantlib LINK models/pricing sim/random quantlib_peer)
