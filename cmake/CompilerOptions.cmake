# The flags that every target of ours is compiled with, as one interface target.
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(changebank_options INTERFACE)
target_compile_options(changebank_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wold-style-cast -Wcast-qual -Wformat=2 -Wimplicit-fallthrough
    -fstack-protector-strong -fstack-clash-protection
    # Return addresses and indirect calls are checked by processors that can.
    $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>
    # What is built does not depend on where.
    $<$<CONFIG:Release,RelWithDebInfo>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>
    $<$<CONFIG:Release,RelWithDebInfo>:-ffile-prefix-map=${PROJECT_BINARY_DIR}/include/changebank/=>
    $<$<BOOL:${CHANGEBANK_WARNINGS_AS_ERRORS}>:-Werror>)

if(NOT CHANGEBANK_SANITIZE)
    # Optimised code only: glibc's fortified functions need the optimiser. The undefinition silences a distribution's
    # own default.
    target_compile_options(changebank_options INTERFACE
        $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE>
        $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
    # What our libraries are linked into takes these over; with a program of others that is not ours to say.
    if(PROJECT_IS_TOP_LEVEL)
        target_link_options(changebank_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
    endif()
endif()

if(CHANGEBANK_SANITIZE)
    target_compile_definitions(changebank_options INTERFACE CHANGEBANK_SANITIZED)
    target_compile_options(changebank_options INTERFACE
        -fsanitize=${CHANGEBANK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
        # GCC warns of its own instrumented std::regex.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(changebank_options INTERFACE -fsanitize=${CHANGEBANK_SANITIZE})
endif()
if(CHANGEBANK_COVERAGE)
    target_compile_options(changebank_options INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(changebank_options INTERFACE --coverage)
endif()
