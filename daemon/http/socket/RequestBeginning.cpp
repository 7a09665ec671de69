#include "changebank/daemon/http/socket/RequestBeginning.h"

namespace changebank::http {

RequestBeginning requestBeginning(std::string_view bytes) noexcept {
    constexpr std::string_view ofMethods = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
    const auto seen = bytes.substr(0, maxRequestBeginning);
    const auto end = seen.find_first_not_of(ofMethods);
    if (end == std::string_view::npos)
        return seen.size() < maxRequestBeginning ? RequestBeginning::Undecided : RequestBeginning::Other;
    return end > 0 && seen[end] == ' ' ? RequestBeginning::Request : RequestBeginning::Other;
}

}  // namespace changebank::http
