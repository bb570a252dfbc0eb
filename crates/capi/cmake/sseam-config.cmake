# find_package(sseam): the targets sseam::sseam (shared if there is a shared library, else static) and
# sseam::static. It finds the library where `cargo cinstall` has installed it, or, from the source tree, in
# the target directory of `cargo build -p sseam-capi --release`: with -Dsseam_DIR=.../crates/capi/cmake.

get_filename_component(_sseam_here "${CMAKE_CURRENT_LIST_DIR}" ABSOLUTE)
if(EXISTS "${_sseam_here}/../include/sseam.h" AND EXISTS "${_sseam_here}/../Cargo.toml")
    get_filename_component(_sseam_include "${_sseam_here}/../include" ABSOLUTE)
    set(_sseam_libraries "${_sseam_here}/../../../target/release")
    if(DEFINED ENV{CARGO_TARGET_DIR})
        set(_sseam_libraries "$ENV{CARGO_TARGET_DIR}/release")
    endif()
    set(_sseam_name sseam_capi)
else()
    get_filename_component(_sseam_prefix "${_sseam_here}/../.." ABSOLUTE)
    set(_sseam_include "${_sseam_prefix}/include")
    file(GLOB _sseam_libraries "${_sseam_prefix}/lib" "${_sseam_prefix}/lib64" "${_sseam_prefix}/lib/*-linux-*")
    set(_sseam_name sseam)
endif()

find_library(sseam_SHARED NAMES ${_sseam_name} PATHS ${_sseam_libraries} NO_DEFAULT_PATH)
find_library(sseam_STATIC
    NAMES ${CMAKE_STATIC_LIBRARY_PREFIX}${_sseam_name}${CMAKE_STATIC_LIBRARY_SUFFIX}
    PATHS ${_sseam_libraries} NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(sseam REQUIRED_VARS sseam_STATIC _sseam_include)

if(sseam_FOUND AND NOT TARGET sseam::static)
    find_package(Threads REQUIRED)
    add_library(sseam::static STATIC IMPORTED)
    set_target_properties(sseam::static PROPERTIES
        IMPORTED_LOCATION "${sseam_STATIC}"
        INTERFACE_INCLUDE_DIRECTORIES "${_sseam_include}"
        INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS};m")
    add_library(sseam::sseam INTERFACE IMPORTED)
    if(sseam_SHARED AND NOT sseam_SHARED STREQUAL sseam_STATIC)
        add_library(sseam::shared UNKNOWN IMPORTED)
        set_target_properties(sseam::shared PROPERTIES
            IMPORTED_LOCATION "${sseam_SHARED}"
            INTERFACE_INCLUDE_DIRECTORIES "${_sseam_include}")
        set_target_properties(sseam::sseam PROPERTIES INTERFACE_LINK_LIBRARIES sseam::shared)
    else()
        set_target_properties(sseam::sseam PROPERTIES INTERFACE_LINK_LIBRARIES sseam::static)
    endif()
endif()
