#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changebank/daemon/settings/values/LogTarget.h"

/// The types of settings. Each has a name and a range for people and parses texts.
namespace changebank::daemon {

/// Why a text is not a value of its type, as the end of a sentence that begins with the setting.
struct BadValue {
    std::string why;
};

template <typename Value>
using ReadValue = std::variant<Value, BadValue>;

/// Any text without control characters.
struct TextType {
    using Value = std::string;
    bool mayBeEmpty = false;

    static std::string name() { return "text"; }
    std::string range() const { return mayBeEmpty ? "may be empty" : ""; }
    ReadValue<Value> read(std::string_view text) const;
};

/// An absolute path, since the daemon works in the root folder; empty for none.
struct PathType {
    using Value = std::string;

    static std::string name() { return "absolute path"; }
    static std::string range() { return "may be empty"; }
    ReadValue<Value> read(std::string_view text) const;
};

struct IntegerType {
    using Value = std::uint64_t;
    Value min;
    Value max;

    static std::string name() { return "number"; }
    std::string range() const;
    ReadValue<Value> read(std::string_view text) const;
};

/// A whole number, or nothing.
struct OptionalIntegerType {
    using Value = std::optional<std::uint64_t>;
    IntegerType integer;

    static std::string name() { return IntegerType::name(); }
    std::string range() const { return integer.range() + ", may be empty"; }
    ReadValue<Value> read(std::string_view text) const;
};

struct BooleanType {
    using Value = bool;

    static std::string name() { return "true or false"; }
    static std::string range() { return ""; }
    ReadValue<Value> read(std::string_view text) const;
};

/// A share, as a decimal number from 0 to 1.
struct RatioType {
    using Value = double;

    static std::string name() { return "number"; }
    static std::string range() { return "0 to 1"; }
    ReadValue<Value> read(std::string_view text) const;
};

/// A whole number with a unit: ms, s, m or h.
struct DurationType {
    using Value = std::chrono::milliseconds;
    Value min;
    Value max;

    static std::string name() { return "duration"; }
    std::string range() const;
    ReadValue<Value> read(std::string_view text) const;

    /// In the largest unit that represents it exactly.
    static std::string toText(Value duration);
};

/// A size in bytes: a whole number, optionally with KiB or MiB.
struct SizeType {
    using Value = std::uint64_t;
    Value min;
    Value max;

    static std::string name() { return "size"; }
    std::string range() const;
    ReadValue<Value> read(std::string_view text) const;

    /// In the largest unit that represents it exactly.
    static std::string toText(Value size);
};

/// `stderr`, `syslog`, `journal`, or `file:` with an absolute path.
struct LogTargetType {
    using Value = LogTarget;

    static std::string name() { return "target"; }
    static std::string range() { return "stderr, file:PATH, syslog or journal"; }
    ReadValue<Value> read(std::string_view text) const;
};

/// One of some words.
struct ChoiceType {
    /// The index of the word in `choices`.
    using Value = std::size_t;
    std::vector<std::string> choices;

    static std::string name() { return "choice"; }
    std::string range() const;
    ReadValue<Value> read(std::string_view text) const;
};

/// One of some words, or nothing.
struct OptionalChoiceType {
    using Value = std::optional<std::size_t>;
    ChoiceType choice;

    static std::string name() { return ChoiceType::name(); }
    std::string range() const { return choice.range() + ", may be empty"; }
    ReadValue<Value> read(std::string_view text) const;
};

/// Texts separated by commas; surrounding white space is ignored.
struct ListType {
    using Value = std::vector<std::string>;
    bool mayBeEmpty = false;

    static std::string name() { return "list"; }
    std::string range() const {
        return mayBeEmpty ? "may be empty, separated by commas" : "at least one, separated by commas";
    }
    ReadValue<Value> read(std::string_view text) const;
};

}  // namespace changebank::daemon
