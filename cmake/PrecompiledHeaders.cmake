# The headers of others that most of our sources read, compiled once for all libraries and once for all tests. No header
# of ours is among them, and sources include what they use all the same: clang and unity builds go without, and so show
# an include that is missing. So do projects that add ours to theirs: compiler caches do not keep what uses such a
# header, unless told.
set(changebank_library_headers <algorithm> <atomic> <chrono> <functional> <map> <memory> <mutex> <optional> <string>
    <string_view> <variant> <vector> <Poco/Net/HTTPRequestHandlerFactory.h> <Poco/Net/HTTPServerRequest.h>
    <Poco/Net/HTTPServerResponse.h> <Poco/Net/HTTPServerParams.h>)
set(changebank_test_headers ${changebank_library_headers} <filesystem> <fstream> <sstream> <thread>
    <Poco/Net/StreamSocket.h> <boost/test/unit_test.hpp>)

# changebank_precompile(TARGET HEADER...): the first target with these headers compiles them, the others use its result;
# all of them must have the same flags and definitions.
function(changebank_precompile target)
    if(NOT PROJECT_IS_TOP_LEVEL OR NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU OR CMAKE_UNITY_BUILD)
        return()
    endif()
    # The header's inline functions may be emitted in any source that reads it.
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
