# The files of `cmake --install`, and the packages that CPack makes of them: changebank, changebank-kickstart for
# development, and the libraries for other projects (InstallLibraries.cmake), component dev. Files for only one kind of package are in the component NAME_deb or NAME_rpm, which a plain install skips.
# What has not been built is left out; CPack builds everything first.
include(GNUInstallDirs)

set(CHANGEBANK_MAINTAINER "ChangeBank maintainers <maintainers@changebank.example>" CACHE STRING
    "Maintainer of the packages: NAME <ADDRESS>")
set(CHANGEBANK_PACKAGE_REVISION 1 CACHE STRING "Revision of the packages of this version")

# The release of Debian is part of the version, so that an upgrade of the system upgrades the package.
cmake_host_system_information(RESULT distribution QUERY DISTRIB_INFO)
set(CHANGEBANK_DEB_VERSION ${PROJECT_VERSION}-${CHANGEBANK_PACKAGE_REVISION})
if(distribution_ID STREQUAL debian)
    string(APPEND CHANGEBANK_DEB_VERSION "~deb${distribution_VERSION_ID}")
endif()

# --- programs, settings, units -----------------------------------------------------------------------------------------
set(packaging ${PROJECT_SOURCE_DIR}/packaging)
set(made ${CMAKE_CURRENT_BINARY_DIR}/packaging)
set(settings_folder /etc/changebank)
set(units lib/systemd/system)

# changebank_install_at_prefix(COMPONENT SETTINGS): the unit, which has paths, and its settings, which belong in /etc if the
# prefix is /usr. The prefix is known only at the installation: `cmake --install BUILD --prefix PREFIX`.
function(changebank_install_at_prefix component file)
    install(CODE "
        set(programs \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
        set(settings \"\${CMAKE_INSTALL_PREFIX}${settings_folder}\")
        if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
            set(settings ${settings_folder})
        endif()
        configure_file(\"${packaging}/systemd/${component}.service.in\" \"${made}/${component}.service\" @ONLY)
        file(INSTALL DESTINATION \"\${settings}\" TYPE FILE FILES \"${PROJECT_SOURCE_DIR}/${file}\")
        file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${units}\" TYPE FILE FILES \"${made}/${component}.service\")
        " COMPONENT ${component})
endfunction()

install(TARGETS changebankd changebankctl COMPONENT changebank OPTIONAL)
install(TARGETS kickstartd COMPONENT changebank-kickstart OPTIONAL)
changebank_install_at_prefix(changebank etc/changebank.properties)
changebank_install_at_prefix(changebank-kickstart kickstart/kickstart.json)
# Only there are they looked for.
install(CODE "
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
        file(INSTALL DESTINATION \"${settings_folder}/conf.d\" TYPE FILE FILES \"${PROJECT_SOURCE_DIR}/etc/conf.d/README\")
        file(INSTALL DESTINATION /etc/logrotate.d TYPE FILE FILES \"${packaging}/logrotate/changebank\")
    endif()
    " COMPONENT changebank)
install(FILES docs/kickstartd.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/changebank-kickstart
        COMPONENT changebank-kickstart)
install(FILES kickstart/docker-compose.yml kickstart/.env.example
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/changebank-kickstart/examples COMPONENT changebank-kickstart)

install(FILES ${packaging}/systemd/changebank.socket DESTINATION ${units} COMPONENT changebank)
install(FILES ${packaging}/systemd/changebank.sysusers DESTINATION lib/sysusers.d RENAME changebank.conf
        COMPONENT changebank)

# changebank_install_completions(SHELL FOLDER): where Debian's and Fedora's shells look.
function(changebank_install_completions shell folder)
    file(GLOB completions CONFIGURE_DEPENDS ${packaging}/completion/${shell}/*)
    set(of_kickstart ${completions})
    list(FILTER of_kickstart INCLUDE REGEX "kickstartd")
    list(FILTER completions EXCLUDE REGEX "kickstartd")
    install(FILES ${completions} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT changebank)
    install(FILES ${of_kickstart} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT changebank-kickstart)
endfunction()
changebank_install_completions(bash bash-completion/completions)
# Debian's zsh looks in the one, Fedora's in the other, and both kinds of package are made of the same tree.
changebank_install_completions(zsh zsh/vendor-completions)
changebank_install_completions(zsh zsh/site-functions)
changebank_install_completions(fish fish/vendor_completions.d)
file(GLOB dashboards CONFIGURE_DEPENDS ${packaging}/grafana/*.json)
install(FILES ${dashboards} DESTINATION ${CMAKE_INSTALL_DATADIR}/changebank/grafana COMPONENT changebank)
file(GLOB alerts CONFIGURE_DEPENDS ${packaging}/prometheus/*.yml)
install(FILES ${alerts} DESTINATION ${CMAKE_INSTALL_DATADIR}/changebank/prometheus COMPONENT changebank)
file(GLOB proxies CONFIGURE_DEPENDS ${packaging}/proxies/*)
install(FILES ${proxies} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/changebank/examples/proxies COMPONENT changebank)

# --- documents ---------------------------------------------------------------------------------------------------------
find_program(GZIP gzip REQUIRED)

# changebank_compress(SOURCE RESULT): without name and time, so that packages are reproducible.
function(changebank_compress source result)
    cmake_path(GET result PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${result} COMMAND ${GZIP} -9nc ${source} > ${result} DEPENDS ${source} VERBATIM)
    set_property(GLOBAL APPEND PROPERTY CHANGEBANK_COMPRESSED ${result})
endfunction()

file(GLOB manuals CONFIGURE_DEPENDS ${packaging}/man/*.[1-8])
foreach(manual IN LISTS manuals)
    cmake_path(GET manual FILENAME name)
    cmake_path(GET manual EXTENSION LAST_ONLY section)
    string(SUBSTRING ${section} 1 1 section)
    set(component changebank)
    if(name MATCHES "^kickstart")
        set(component changebank-kickstart)
    endif()
    changebank_compress(${manual} ${made}/man/${name}.gz)
    install(FILES ${made}/man/${name}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT ${component}
            OPTIONAL)
endforeach()

configure_file(${packaging}/deb/changelog.in ${made}/changelog @ONLY)
changebank_compress(${made}/changelog ${made}/changelog.Debian.gz)
changebank_compress(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${made}/changelog.gz)
foreach(package changebank changebank-kickstart)
    install(FILES ${packaging}/deb/copyright ${made}/changelog.Debian.gz ${made}/changelog.gz
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${package}_deb EXCLUDE_FROM_ALL OPTIONAL)
    install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/${package}
            COMPONENT ${package}_rpm EXCLUDE_FROM_ALL)
endforeach()
install(FILES README.md SECURITY.md docs/differences.md docs/operation.md docs/proxies.md docs/revocation.md
        docs/settings.md docs/upgrading.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/changebank COMPONENT changebank)

# The libraries' documents.
set(documents_folder ${CMAKE_INSTALL_DATADIR}/doc/libchangebank-dev)
install(FILES security/README.md DESTINATION ${documents_folder} RENAME security.md COMPONENT dev)
install(FILES docs/api.md DESTINATION ${documents_folder} COMPONENT dev)
install(FILES daemon/http/README.md DESTINATION ${documents_folder} RENAME http.md COMPONENT dev)
install(FILES docs/examples/guarded_service.cpp docs/examples/guarded_service_test.cpp
        DESTINATION ${documents_folder}/examples COMPONENT dev)
install(FILES ${packaging}/deb/copyright ${made}/changelog.Debian.gz ${made}/changelog.gz
        DESTINATION ${documents_folder} COMPONENT dev_deb EXCLUDE_FROM_ALL OPTIONAL)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/changebank-devel COMPONENT dev_rpm EXCLUDE_FROM_ALL)

get_property(compressed GLOBAL PROPERTY CHANGEBANK_COMPRESSED)
add_custom_target(documents ALL DEPENDS ${compressed})

# --- packages ----------------------------------------------------------------------------------------------------------
set(CPACK_GENERATOR DEB)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/PackagingGenerator.cmake)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_PACKAGE_NAME changebank)
set(CPACK_PACKAGE_VENDOR "ChangeBank maintainers")
set(CPACK_PACKAGE_CONTACT ${CHANGEBANK_MAINTAINER})
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)

set(changebank_summary "JWT-guarded API daemon for FusionAuth's tokens")
set(changebank_description
"ChangeBank turns dollars into coins for callers with a JSON Web Token from
FusionAuth. It verifies the token's signature, issuer, audience and times
against FusionAuth's published keys, then the caller's role, and only then
runs a handler.
.
This package contains the daemon changebankd, its admin tool changebankctl and
a systemd unit, which the installation neither enables nor starts. With the
settings as installed the daemon trusts the tokens of whatever program listens
on http://localhost:9011, as it is right for development alone: first set the
issuer and the audience to trust in /etc/changebank/changebank.properties.")
set(kickstart_summary "local stand-in for FusionAuth, for ChangeBank's development")
set(kickstart_description
"kickstartd runs a FusionAuth kickstart file in memory and serves FusionAuth's
login, key and discovery APIs on a loopback address, so that ChangeBank can be
tried and tested without FusionAuth.
.
It is for development and tests: the passwords of the kickstart as installed
are public. The unit is disabled.")
set(dev_summary "guard and HTTP server of ChangeBank, for other C++ projects")
set(dev_description
"The static libraries of ChangeBank for services on POCO: a guard that verifies
FusionAuth's JSON Web Tokens and the caller's role before a handler runs, and
an event-driven HTTP/1.1 server behind POCO's interfaces.
.
CMake finds them by find_package(ChangeBank 1 COMPONENTS security http), and
pkg-config as changebank. They need C++20.")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
string(REGEX REPLACE "^[^-]*-" "" CPACK_DEBIAN_PACKAGE_RELEASE ${CHANGEBANK_DEB_VERSION})

# dpkg-shlibdeps finds the POCO with the symbols, not the one with the fix of CVE-2023-52389.
set(poco_floor "")
if(distribution_ID STREQUAL debian AND distribution_VERSION_ID EQUAL 12)
    set(poco_floor "libpocofoundation80 (>= 1.11.0-3+deb12u1)")
endif()

set(CPACK_DEBIAN_CHANGEBANK_PACKAGE_NAME changebank)
set(CPACK_DEBIAN_CHANGEBANK_DESCRIPTION "${changebank_summary}\n${changebank_description}")
set(server_depends "systemd | systemd-standalone-sysusers | systemd-sysusers" ${poco_floor})
list(JOIN server_depends ", " CPACK_DEBIAN_CHANGEBANK_PACKAGE_DEPENDS)
set(CPACK_DEBIAN_CHANGEBANK_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_CHANGEBANK_PACKAGE_SUGGESTS changebank-kickstart)
file(GLOB CPACK_DEBIAN_CHANGEBANK_PACKAGE_CONTROL_EXTRA ${packaging}/deb/changebank/*)

set(CPACK_DEBIAN_CHANGEBANK-KICKSTART_PACKAGE_NAME changebank-kickstart)
set(CPACK_DEBIAN_CHANGEBANK-KICKSTART_DESCRIPTION "${kickstart_summary}\n${kickstart_description}")
set(CPACK_DEBIAN_CHANGEBANK-KICKSTART_PACKAGE_DEPENDS ${poco_floor})
file(GLOB CPACK_DEBIAN_CHANGEBANK-KICKSTART_PACKAGE_CONTROL_EXTRA ${packaging}/deb/changebank-kickstart/*)

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libchangebank-dev)
set(CPACK_DEBIAN_DEV_DESCRIPTION "${dev_summary}\n${dev_description}")
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(poco_development "libpoco-dev (>= ${CHANGEBANK_POCO})")
if(poco_floor)
    string(REPLACE libpocofoundation80 libpoco-dev poco_development ${poco_floor})
endif()
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${poco_development}, libssl-dev (>= ${CHANGEBANK_OPENSSL}), \
libcurl4-openssl-dev (>= ${CHANGEBANK_CURL})")

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_RELEASE ${CHANGEBANK_PACKAGE_REVISION})
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_RPM_PACKAGE_GROUP System/Daemons)
set(CPACK_PACKAGE_RELOCATABLE OFF)
configure_file(${packaging}/rpm/changelog.in ${made}/rpm-changelog @ONLY)
set(CPACK_RPM_CHANGELOG_FILE ${made}/rpm-changelog)
set(CPACK_RPM_COMPRESSION_TYPE gzip)
# Folders that other packages own.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /etc /etc/logrotate.d ${CMAKE_INSTALL_PREFIX}/lib/systemd ${CMAKE_INSTALL_PREFIX}/lib/systemd/system
    ${CMAKE_INSTALL_PREFIX}/lib/sysusers.d ${CMAKE_INSTALL_FULL_DATADIR}/bash-completion
    ${CMAKE_INSTALL_FULL_DATADIR}/bash-completion/completions
    ${CMAKE_INSTALL_FULL_DATADIR}/zsh ${CMAKE_INSTALL_FULL_DATADIR}/zsh/vendor-completions
    ${CMAKE_INSTALL_FULL_DATADIR}/zsh/site-functions ${CMAKE_INSTALL_FULL_DATADIR}/fish
    ${CMAKE_INSTALL_FULL_DATADIR}/fish/vendor_completions.d
    ${CMAKE_INSTALL_FULL_DATADIR}/licenses
    ${CMAKE_INSTALL_FULL_MANDIR} ${CMAKE_INSTALL_FULL_MANDIR}/man1 ${CMAKE_INSTALL_FULL_MANDIR}/man5
    ${CMAKE_INSTALL_FULL_MANDIR}/man8 ${CMAKE_INSTALL_FULL_INCLUDEDIR} ${CMAKE_INSTALL_FULL_LIBDIR}
    ${CMAKE_INSTALL_FULL_LIBDIR}/cmake ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
foreach(package changebank changebank-kickstart)
    string(TOUPPER ${package} group)
    foreach(script pre post preun postun)
        if(EXISTS ${packaging}/rpm/${package}/${script})
            string(REPLACE "preun" "pre_uninstall" phase ${script})
            string(REPLACE "postun" "post_uninstall" phase ${phase})
            string(REGEX REPLACE "^(pre|post)$" "\\1_install" phase ${phase})
            string(TOUPPER ${phase} phase)
            set(CPACK_RPM_${group}_${phase}_SCRIPT_FILE ${packaging}/rpm/${package}/${script})
        endif()
    endforeach()
endforeach()
set(CPACK_RPM_CHANGEBANK_PACKAGE_NAME changebank)
set(CPACK_RPM_CHANGEBANK_PACKAGE_SUMMARY ${changebank_summary})
string(REPLACE "\n.\n" "\n\n" CPACK_RPM_CHANGEBANK_PACKAGE_DESCRIPTION "${changebank_description}")
set(CPACK_RPM_CHANGEBANK_PACKAGE_REQUIRES systemd)
set(CPACK_RPM_CHANGEBANK_PACKAGE_REQUIRES_PRE shadow-utils)
set(CPACK_RPM_CHANGEBANK_USER_FILELIST
    "%config(noreplace) %attr(0640,root,changebank) ${settings_folder}/changebank.properties"
    "%config(noreplace) ${settings_folder}/conf.d/README" "%config(noreplace) /etc/logrotate.d/changebank"
    "%license ${CMAKE_INSTALL_FULL_DATADIR}/licenses/changebank/LICENSE")
set(CPACK_RPM_CHANGEBANK-KICKSTART_PACKAGE_NAME changebank-kickstart)
string(REGEX REPLACE "^local" "Local" CPACK_RPM_CHANGEBANK-KICKSTART_PACKAGE_SUMMARY ${kickstart_summary})
string(REPLACE "\n.\n" "\n\n" CPACK_RPM_CHANGEBANK-KICKSTART_PACKAGE_DESCRIPTION "${kickstart_description}")
set(CPACK_RPM_CHANGEBANK-KICKSTART_PACKAGE_REQUIRES systemd)
set(CPACK_RPM_CHANGEBANK-KICKSTART_USER_FILELIST
    "%config(noreplace) ${settings_folder}/kickstart.json"
    "%license ${CMAKE_INSTALL_FULL_DATADIR}/licenses/changebank-kickstart/LICENSE")
set(CPACK_RPM_DEV_PACKAGE_NAME changebank-devel)
string(REGEX REPLACE "^guard" "Guard" CPACK_RPM_DEV_PACKAGE_SUMMARY ${dev_summary})
string(REPLACE "\n.\n" "\n\n" CPACK_RPM_DEV_PACKAGE_DESCRIPTION "${dev_description}")
set(CPACK_RPM_DEV_PACKAGE_GROUP Development/Libraries)
set(CPACK_RPM_DEV_PACKAGE_REQUIRES "poco-devel >= ${CHANGEBANK_POCO}, openssl-devel >= ${CHANGEBANK_OPENSSL}, \
libcurl-devel >= ${CHANGEBANK_CURL}")
set(CPACK_RPM_DEV_PACKAGE_PROVIDES "changebank-static = ${PROJECT_VERSION}-${CHANGEBANK_PACKAGE_REVISION}")
set(CPACK_RPM_DEV_USER_FILELIST "%license ${CMAKE_INSTALL_FULL_DATADIR}/licenses/changebank-devel/LICENSE")

include(CPack)
foreach(package changebank changebank-kickstart dev)
    cpack_add_component_group(${package})
    foreach(component ${package} ${package}_deb ${package}_rpm)
        cpack_add_component(${component} GROUP ${package})
    endforeach()
endforeach()
