# CPack reads this for each kind of package; sets the components of that kind.
set(CPACK_COMPONENTS_ALL changebank changebank-kickstart dev)
if(CPACK_GENERATOR STREQUAL DEB)
    list(APPEND CPACK_COMPONENTS_ALL changebank_deb changebank-kickstart_deb dev_deb)
    # Each package's description begins with a summary of its own.
    unset(CPACK_PACKAGE_DESCRIPTION_SUMMARY)
elseif(CPACK_GENERATOR STREQUAL RPM)
    list(APPEND CPACK_COMPONENTS_ALL changebank_rpm changebank-kickstart_rpm dev_rpm)
endif()
