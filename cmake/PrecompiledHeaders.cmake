# The headers of others that most of our sources read, compiled once a target: the build takes half as long. No header of
# ours is among them, and sources include what they use all the same: clang builds without this, and so shows an include
# that is missing. So do projects that add ours to theirs: compiler caches do not keep what uses such a header, unless told.
set(changebank_room_headers <algorithm> <atomic> <chrono> <functional> <map> <memory> <mutex> <optional> <string>
    <string_view> <variant> <vector> <Poco/Net/HTTPRequestHandlerFactory.h> <Poco/Net/HTTPServerRequest.h>
    <Poco/Net/HTTPServerResponse.h> <Poco/Net/HTTPServerParams.h>)
set(changebank_test_headers ${changebank_room_headers} <filesystem> <fstream> <sstream> <thread>
    <Poco/Net/StreamSocket.h> <boost/test/unit_test.hpp>)

function(changebank_precompile name)
    if(PROJECT_IS_TOP_LEVEL AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        target_precompile_headers(${name} PRIVATE ${ARGN})
    endif()
endfunction()
