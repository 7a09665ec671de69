#include "changebank/daemon/settings/SettingsReference.h"

#include <string_view>

#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

namespace {

/// A text for man(7): what its macros and escapes would take for theirs is escaped.
std::string manText(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '\\') {
            escaped += "\\e";
        } else if (c == '-') {
            escaped += "\\-";
        } else if (c == '\'') {
            escaped += "\\(aq";
        } else if (c == '.' && escaped.empty()) {
            escaped += "\\&.";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

/// A text for a cell of a Markdown table.
std::string cell(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '|' || c == '<' || c == '*' || c == '_') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string code(std::string_view text) {
    return text.empty() ? "" : "`" + std::string(text) + "`";
}

constexpr std::string_view manualHead = R"(.\" Made of the definitions by settings_reference; do not edit.
.TH CHANGEBANK.PROPERTIES 5 "" "ChangeBank" "File Formats"
.SH NAME
changebank.properties \- settings of changebankd
.SH SYNOPSIS
.I /etc/changebank/changebank.properties
.SH DESCRIPTION
The file that
.BR changebankd (8)
reads its settings from, unless
.B \-\-config
names another. Every setting has a default; a file that is empty or missing is a good one.
.PP
A line is
.IB key " = " value
or
.IB key ": " value\fR;
lines that begin with # or ! are comments, a backslash at a line's end continues it, and \et, \er, \en, \ef and \e\e
stand for what cannot be written otherwise. Unknown keys, keys that come twice and bad values are faults, and none is
ever ignored:
.B changebankd \-\-check
names them all, as
.IR file : line : " key" : " why" .
.PP
What is set here is overridden by environment variables, named after the key in capitals
.RI ( auth.jwks.maxAge
is
.BR CHANGEBANK_AUTH_JWKS_MAXAGE ),
and both by
.BI \-\-define= KEY = VALUE\fR.
.PP
Durations are whole numbers with a unit:
.BR 500ms ", " 5s ", " 10m ", " 24h .
Sizes are octets, alone or with a unit:
.BR 512 ", " 64KiB ", " 1MiB .
.PP
.B changebankctl reload
has the file read anew. Either all of it takes effect, or, if there are faults, nothing does and the old settings
serve on. No setting needs a restart.
.SH SETTINGS
)";

constexpr std::string_view manualTail = R"(.SH LOGGING
A message is one line. Messages come from three sources:
.B changebank
(the daemon),
.B access
(a line for each request) and
.B audit
(panics and refused roles, unless audit.file is set; whatever the level). To append to a file that
.BR logrotate (8)
moves away and has reopened with SIGUSR1:
.PP
.nf
.RS
log.target = file:/var/log/changebank/changebank.log
.RE
.fi
.SH SEE ALSO
.BR changebankd (8),
.BR changebankctl (1)
)";

constexpr std::string_view tableHead =
    "# Settings\n\n"
    "<!-- Made of the definitions by settings_reference; do not edit. -->\n\n"
    "Every setting of `changebankd`, in the order of "
    "[etc/changebank.properties](../etc/changebank.properties). No\n"
    "setting needs a restart: the last column says from when on a reload applies it. How settings are given "
    "is in\n"
    "the manual page `changebank.properties(5)`.\n\n"
    "| key | default | kind | meaning | a reload applies it |\n"
    "|---|---|---|---|---|\n";

}  // namespace

std::string settingsManualPage() {
    std::string text(manualHead);
    for (const auto& definition : settingDefinitions()) {
        text += ".TP\n.BR " + manText(definition.key);
        text += definition.defaultValue.empty() ? "\n" : " \" = " + manText(definition.defaultValue) + "\"\n";
        text += manText(definition.meaning) + "\n.br\nKind: " + manText(definition.kind()) +
                ". A reload applies it " + manText(whenOf(definition.applies)) + ".\n";
    }
    return text + std::string(manualTail);
}

std::string settingsTable() {
    std::string text(tableHead);
    for (const auto& definition : settingDefinitions()) {
        text += "| " + code(definition.key) + " | " + code(definition.defaultValue) + " | " +
                cell(definition.kind()) + " | " + cell(definition.meaning) + " | " +
                std::string(whenOf(definition.applies)) + " |\n";
    }
    return text;
}

}  // namespace changebank::daemon
