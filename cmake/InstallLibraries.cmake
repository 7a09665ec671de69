# What `cmake --install` gives to other projects, in the component dev: the static libraries of base/, security/ and
# daemon/http/, their headers, ChangeBankConfig.cmake for find_package() and changebank.pc for pkg-config. The tree may be
# moved after the installation. What has not been built is left out.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(made ${PROJECT_BINARY_DIR}/libraries)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/ChangeBank)

# One export for each component of find_package(), and one for what both need.
set(archives "")
foreach(folder base security daemon/http)
    cmake_path(GET folder FILENAME part)
    get_property(targets DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        string(REGEX REPLACE "^changebank_" "" name ${target})
        if(target STREQUAL changebank_daemon_http)
            set(name http)
        endif()
        set_property(TARGET ${target} PROPERTY EXPORT_NAME ${name})
        get_property(type TARGET ${target} PROPERTY TYPE)
        if(type STREQUAL STATIC_LIBRARY)
            # The linker looks for what a library lacks in those after it.
            list(PREPEND archives ${target})
        endif()
    endforeach()
    install(TARGETS ${targets} EXPORT ChangeBank-${part}
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev OPTIONAL
            INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(EXPORT ChangeBank-${part} NAMESPACE ChangeBank:: DESTINATION ${package_folder} COMPONENT dev)

    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/changebank/${folder}
            COMPONENT dev FILES_MATCHING PATTERN "*.h" PATTERN example EXCLUDE)
endforeach()

# Versions follow Semantic Versioning, so a project that asks for 1 also builds with 1.1.
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/ChangeBankConfig.cmake.in ${made}/ChangeBankConfig.cmake
    INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${made}/ChangeBankConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${made}/ChangeBankConfig.cmake ${made}/ChangeBankConfigVersion.cmake DESTINATION ${package_folder}
        COMPONENT dev)

list(TRANSFORM archives PREPEND -l OUTPUT_VARIABLE link_options)
list(JOIN link_options " " link_options)
set(pc_prefix ${CMAKE_INSTALL_PREFIX})
set(pc_libdir ${CMAKE_INSTALL_FULL_LIBDIR})
set(pc_includedir ${CMAKE_INSTALL_FULL_INCLUDEDIR})
if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR} AND NOT IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
    string(REGEX REPLACE "[^/]+" ".." upwards ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
    set(pc_prefix "\${pcfiledir}/${upwards}")
    set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
    set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/changebank.pc.in ${made}/changebank.pc @ONLY)
install(FILES ${made}/changebank.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)

# CMake strips programs and shared libraries only. Done as dh_strip does it.
list(TRANSFORM archives REPLACE "(.+)" "${CMAKE_STATIC_LIBRARY_PREFIX}\\1${CMAKE_STATIC_LIBRARY_SUFFIX}")
install(CODE "
    if(CMAKE_INSTALL_DO_STRIP)
        set(folder \"${CMAKE_INSTALL_LIBDIR}\")
        cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\")
        foreach(archive ${archives})
            if(EXISTS \"\$ENV{DESTDIR}\${folder}/\${archive}\")
                execute_process(COMMAND \"${CMAKE_STRIP}\" --strip-debug --remove-section=.comment --remove-section=.note
                    --enable-deterministic-archives \"\$ENV{DESTDIR}\${folder}/\${archive}\" COMMAND_ERROR_IS_FATAL ANY)
            endif()
        endforeach()
    endif()" COMPONENT dev)
