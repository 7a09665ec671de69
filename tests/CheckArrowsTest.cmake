# Shows that cmake/CheckArrows.cmake refuses each forbidden arrow and lets the good ones pass. Run as
#   cmake -DCHECK=cmake/CheckArrows.cmake -DFOLDER=<scratch folder> -P tests/CheckArrowsTest.cmake
cmake_minimum_required(VERSION 3.25)

# expect(OUTCOME FILE INCLUDE): a tree whose FILE holds the line INCLUDE is accepted or refused.
function(expect outcome file include)
    file(REMOVE_RECURSE ${FOLDER})
    file(WRITE ${FOLDER}/${file} "#pragma once\n${include}\n")
    execute_process(COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${FOLDER} -P ${CHECK}
        RESULT_VARIABLE status ERROR_VARIABLE errors OUTPUT_QUIET)
    if(outcome STREQUAL "accepted" AND NOT status EQUAL 0)
        message(FATAL_ERROR "${file}: ${include} was refused:\n${errors}")
    elseif(outcome STREQUAL "refused" AND (status EQUAL 0 OR NOT errors MATCHES "${file}"))
        message(FATAL_ERROR "${file}: ${include} was not refused by name (status ${status}):\n${errors}")
    endif()
endfunction()

expect(accepted security/A.h "#include \"security/B.h\"")
expect(accepted handlers/A.cpp "#include \"security/B.h\"")
expect(accepted daemon/A.cpp "#include \"handlers/B.h\"")
expect(accepted daemon/http/A.cpp "#include \"security/B.h\"")
expect(accepted daemon/admin/A.cpp "#include \"daemon/B.h\"")
expect(accepted kickstart/A.cpp "#include \"daemon/http/B.h\"")
expect(accepted security/A.h "#include <Poco/Net/Socket.h>")

expect(refused security/A.h "#include \"handlers/B.h\"")
expect(refused security/A.h "#include \"daemon/B.h\"")
expect(refused security/A.cpp "# include <kickstart/B.h>")
expect(refused handlers/A.cpp "#include \"daemon/http/B.h\"")
expect(refused handlers/A.cpp "#include \"daemon/B.h\"")
expect(refused daemon/http/A.cpp "#include \"daemon/B.h\"")
expect(refused daemon/http/A.cpp "#include \"handlers/B.h\"")
expect(refused daemon/A.cpp "#include \"kickstart/B.h\"")
expect(refused kickstart/A.cpp "#include \"daemon/B.h\"")
expect(refused kickstart/A.cpp "#include \"handlers/B.h\"")
expect(refused security/A.h "#include \"../daemon/B.h\"")
expect(refused security/A.h "#include \"B.h\"")

file(REMOVE_RECURSE ${FOLDER})
