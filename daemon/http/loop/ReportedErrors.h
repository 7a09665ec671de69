#pragma once

#include <Poco/ErrorHandler.h>
#include <Poco/Exception.h>

#include <exception>

namespace changebank::http {

/// Calls a function and passes its exception, if any, to Poco::ErrorHandler. Returns whether there was none.
template <typename Call>
bool reportingErrors(Call&& call) noexcept {
    try {
        try {
            call();
            return true;
        } catch (const Poco::Exception& error) {
            Poco::ErrorHandler::handle(error);
        } catch (const std::exception& error) {
            Poco::ErrorHandler::handle(error);
        } catch (...) {
            Poco::ErrorHandler::handle();
        }
    } catch (...) {
        // Not even the report was possible, for lack of memory.
        return false;
    }
    return false;
}

}  // namespace changebank::http
