# External headers that most sources include, precompiled once for all libraries and once for all tests. Sources still
# include what they use: builds with clang and unity builds do without precompiled headers, and so find missing includes.
# Projects that add this one do without, too, because compiler caches skip such compilations unless configured.
set(changebank_library_headers <algorithm> <atomic> <chrono> <functional> <map> <memory> <mutex> <optional> <string>
    <string_view> <variant> <vector> <Poco/Net/HTTPRequestHandlerFactory.h> <Poco/Net/HTTPServerRequest.h>
    <Poco/Net/HTTPServerResponse.h> <Poco/Net/HTTPServerParams.h>)
set(changebank_test_headers ${changebank_library_headers} <filesystem> <fstream> <sstream> <thread>
    <Poco/Net/StreamSocket.h> <boost/test/unit_test.hpp>)

# changebank_precompile(TARGET HEADER...): the first target with these headers compiles them, the others reuse the result.
# All of them must have the same flags and definitions.
function(changebank_precompile target)
    if(NOT PROJECT_IS_TOP_LEVEL OR NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU OR CMAKE_UNITY_BUILD)
        return()
    endif()
    # Any source with the precompiled header may emit POCO's inline functions.
    target_link_libraries(${target} PRIVATE Poco::Net)
    string(MD5 kind "${ARGN}")
    get_property(first GLOBAL PROPERTY CHANGEBANK_PRECOMPILED_${kind})
    if(first)
        target_precompile_headers(${target} REUSE_FROM ${first})
    else()
        target_precompile_headers(${target} PRIVATE ${ARGN})
        set_property(GLOBAL PROPERTY CHANGEBANK_PRECOMPILED_${kind} ${target})
    endif()
endfunction()
