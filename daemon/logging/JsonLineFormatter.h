#pragma once

#include <Poco/Formatter.h>

#include <string>

namespace changebank::daemon {

/// Formats a log message as one line of JSON:
/// `{"time":"…Z","level":"information","source":"…","message":"…"}`, followed by the message's own members.
class JsonLineFormatter : public Poco::Formatter {
public:
    /// The parameter of a message (Poco::Message::set()) with additional members of the object, as JSON text
    /// without braces: `"a":1,"b":"c"`.
    static constexpr const char* membersParameter = "members";
    /// The parameter that replaces the text in `message`, which would repeat the members.
    static constexpr const char* eventParameter = "event";

    void format(const Poco::Message& message, std::string& text) override;
};

}  // namespace changebank::daemon
