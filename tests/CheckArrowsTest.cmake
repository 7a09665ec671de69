# Tests that cmake/CheckArrows.cmake rejects forbidden includes and accepts the others. Run as
#   cmake -DCHECK=cmake/CheckArrows.cmake -DFOLDER=<scratch folder> -P tests/CheckArrowsTest.cmake
cmake_minimum_required(VERSION 3.25)

set(arrows "base/text:\nsecurity/jose: base/text\nsecurity/token: security/jose base/text\ndaemon: security/token\n")

# expect(OUTCOME FILE INCLUDE): a tree whose FILE holds the line INCLUDE, besides so many other headers of its folder, is
# accepted or refused.
set(others 0)
function(expect outcome file include)
    file(REMOVE_RECURSE ${FOLDER})
    file(WRITE ${FOLDER}/arrows.txt "${arrows}")
    cmake_path(GET file PARENT_PATH folder)
    foreach(number RANGE 1 ${others})
        if(number LESS_EQUAL others)
            file(WRITE ${FOLDER}/${folder}/Other${number}.h "#pragma once\n")
        endif()
    endforeach()
    file(WRITE ${FOLDER}/${file} "#pragma once\n${include}\n")
    execute_process(COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${FOLDER} -DARROWS=${FOLDER}/arrows.txt -P ${CHECK}
        RESULT_VARIABLE status ERROR_VARIABLE errors OUTPUT_QUIET)
    if(outcome STREQUAL "accepted" AND NOT status EQUAL 0)
        message(FATAL_ERROR "${file}: ${include} was rejected:\n${errors}")
    elseif(outcome STREQUAL "rejected" AND (status EQUAL 0 OR NOT errors MATCHES "${folder}"))
        message(FATAL_ERROR "${file}: ${include} was not rejected by name (status ${status}):\n${errors}")
    endif()
endfunction()

expect(accepted base/text/A.h "#include <Poco/Net/Socket.h>")
expect(accepted base/text/A.h "#include \"changebank/base/text/B.h\"")
expect(accepted security/jose/A.cpp "#include \"changebank/base/text/B.h\"")
expect(accepted security/token/A.cpp "#include \"changebank/security/jose/B.h\"")
expect(accepted daemon/A.cpp "#include \"changebank/security/token/B.h\"")

# Against a dependency's direction, and over two steps: each folder names all that it includes.
expect(rejected base/text/A.h "#include \"changebank/security/jose/B.h\"")
expect(rejected security/jose/A.cpp "# include <changebank/security/token/B.h>")
expect(rejected daemon/A.cpp "#include \"changebank/security/jose/B.h\"")
expect(rejected security/token/A.h "#include \"changebank/daemon/B.h\"")
# A folder that is not a library.
expect(rejected security/new/A.h "#include <string>")
expect(rejected security/jose/A.h "#include \"changebank/security/new/B.h\"")
# Other spellings.
expect(rejected security/jose/A.h "#include \"security/jose/B.h\"")
expect(rejected security/jose/A.h "#include <base/text/B.h>")
expect(rejected security/jose/A.h "#include \"../../base/text/B.h\"")
expect(rejected security/jose/A.h "#include \"B.h\"")
expect(rejected security/jose/A.h "#include \"tests/support/B.h\"")

# A crowded folder.
set(others 24)
expect(accepted security/jose/A.h "#include <string>")
set(others 25)
expect(rejected security/jose/A.h "#include <string>")
set(others 0)

# A circle between folders.
set(arrows "security/jose: security/token\nsecurity/token: security/jose\n")
expect(rejected security/jose/A.h "#include <string>")

file(REMOVE_RECURSE ${FOLDER})
