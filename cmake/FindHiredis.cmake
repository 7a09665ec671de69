# hiredis, as the targets hiredis::hiredis and, where the distribution has it, hiredis::hiredis_ssl. Debian 12 brings no
# CMake configuration of it, and no TLS.
find_path(HIREDIS_INCLUDE_DIR hiredis/hiredis.h REQUIRED)
find_library(HIREDIS_LIBRARY hiredis REQUIRED)
find_library(HIREDIS_SSL_LIBRARY hiredis_ssl)
mark_as_advanced(HIREDIS_INCLUDE_DIR HIREDIS_LIBRARY HIREDIS_SSL_LIBRARY)

if(NOT TARGET hiredis::hiredis)
    add_library(hiredis::hiredis UNKNOWN IMPORTED)
    set_target_properties(hiredis::hiredis PROPERTIES IMPORTED_LOCATION ${HIREDIS_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${HIREDIS_INCLUDE_DIR})
endif()
if(HIREDIS_SSL_LIBRARY AND NOT TARGET hiredis::hiredis_ssl)
    add_library(hiredis::hiredis_ssl UNKNOWN IMPORTED)
    set_target_properties(hiredis::hiredis_ssl PROPERTIES IMPORTED_LOCATION ${HIREDIS_SSL_LIBRARY}
        INTERFACE_LINK_LIBRARIES hiredis::hiredis)
endif()
