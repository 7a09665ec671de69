# The compiler flags of every target of this project, as one interface target.
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(changebank_options INTERFACE)
target_compile_options(changebank_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wold-style-cast -Wcast-qual -Wformat=2 -Wimplicit-fallthrough
    -fstack-protector-strong -fstack-clash-protection
    # Processors with the feature check return addresses and indirect calls.
    $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>
    # The result does not depend on the folder of the build.
    $<$<CONFIG:Release,RelWithDebInfo>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>
    $<$<CONFIG:Release,RelWithDebInfo>:-ffile-prefix-map=${PROJECT_BINARY_DIR}/include/changebank/=>
    # GCC takes the sources in a unity group for headers, whose anonymous namespaces would be a mistake.
    $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>
    $<$<BOOL:${CHANGEBANK_WARNINGS_AS_ERRORS}>:-Werror>)

if(NOT CHANGEBANK_SANITIZE)
    # Only for optimised code, which glibc's fortified functions need. The undefinition avoids a warning where the
    # distribution's compiler defines it.
    target_compile_options(changebank_options INTERFACE
        $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE>
        $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
    # Programs inherit these options from the libraries, so leave them to the other project.
    if(PROJECT_IS_TOP_LEVEL)
        target_link_options(changebank_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
    endif()
endif()

if(CHANGEBANK_SANITIZE)
    target_compile_definitions(changebank_options INTERFACE CHANGEBANK_SANITIZED)
    target_compile_options(changebank_options INTERFACE
        -fsanitize=${CHANGEBANK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
        # GCC warns about its own instrumented std::regex.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(changebank_options INTERFACE -fsanitize=${CHANGEBANK_SANITIZE})
endif()
if(CHANGEBANK_COVERAGE)
    target_compile_options(changebank_options INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(changebank_options INTERFACE --coverage)
endif()
