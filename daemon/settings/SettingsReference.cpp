#include "changebank/daemon/settings/SettingsReference.h"

#include <string_view>

#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

namespace {

/// Escapes a text for man(7).
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

/// Escapes a text for a cell of a Markdown table.
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
.br
.I /etc/changebank/conf.d/*.properties
.SH DESCRIPTION
The file that
.BR changebankd (8)
reads its settings from, unless
.B \-\-config
names another. Every setting has a default, so the file may be empty or missing. It is text in UTF-8, with or without a byte
order mark.
.PP
A line is
.IB key " = " value
or
.IB key ": " value\fR.
Lines that begin with # or ! are comments, a backslash at the end of a line continues it, and \et, \er, \en, \ef
and \e\e are escapes. Unknown keys, repeated keys and invalid values are faults and never ignored:
.B changebankd \-\-check
reports each of them as
.IR file : line : " key" : " why" .
.PP
After this file come the pieces
.IR /etc/changebank/conf.d/*.properties ,
in the order of the bytes of their names
.RI ( 50\-site.properties
before
.IR 60\-keys.properties ).
A later piece overrides the file and earlier pieces, while a key that is repeated in one of them is a fault. Names that do
not end in
.I .properties
(such as README,
.IR *~ ,
.IR *.bak ,
.IR *.dpkg\-old ,
.IR *.rpmnew )
or that begin with a dot are skipped; a piece that cannot be read is a fault. A folder that is missing counts as empty. With
another file than
.IR /etc/changebank/changebank.properties ,
no pieces are read, unless
.BI \-\-config\-dir= DIR
names their folder, which then must be there.
.PP
Environment variables override the files; they are named after the key in capitals
.RI ( auth.jwks.maxAge
is
.BR CHANGEBANK_AUTH_JWKS_MAXAGE ).
.BI \-\-define= KEY = VALUE
overrides both.
.PP
Durations are whole numbers with a unit:
.BR 500ms ", " 5s ", " 10m ", " 24h .
Sizes are in bytes, or have a unit:
.BR 512 ", " 64KiB ", " 1MiB .
.PP
.B changebankctl reload
reloads the file and the pieces. Either all of it takes effect, or, if there are faults, none of it does and the old settings
stay in effect. No setting needs a restart.
.SH SETTINGS
)";

constexpr std::string_view manualTail = R"(.SH LOGGING
Each message is one line. Messages have one of three sources:
.B changebank
(the daemon),
.B access
(a line for each request) and
.B audit
(panics and denied roles at any level, unless audit.file is set). To log to a file that
.BR logrotate (8)
rotates, by
.I /etc/logrotate.d/changebank
of the packages, sending SIGUSR1:
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
    "setting needs a restart; the last column shows how a reload applies a change. The manual page\n"
    "`changebank.properties(5)` describes the file's format.\n\n"
    "Pieces in `/etc/changebank/conf.d/*.properties` override `/etc/changebank/changebank.properties`, in "
    "the\n"
    "order of their names; `--config-dir=DIR` names another folder. Files with another ending, such as "
    "`README`,\n"
    "`*~`, `*.bak`, `*.dpkg-old` and `*.rpmnew`, and hidden ones are skipped. `changebankd --print-config` "
    "shows\n"
    "the file and line of each value.\n\n"
    "| key | default | kind | meaning | a reload applies it |\n"
    "|---|---|---|---|---|\n";

}  // namespace

std::string settingsManualPage() {
    std::string text(manualHead);
    for (const auto& definition : SettingTable::base().all()) {
        text += ".TP\n.BR " + manText(definition.key);
        text += definition.defaultValue.empty() ? "\n" : " \" = " + manText(definition.defaultValue) + "\"\n";
        text += manText(definition.meaning) + "\n.br\nKind: " + manText(definition.kind()) +
                ". A reload applies it " + manText(whenOf(definition.applies)) + ".\n";
    }
    return text + std::string(manualTail);
}

std::string settingsTable() {
    std::string text(tableHead);
    for (const auto& definition : SettingTable::base().all()) {
        text += "| " + code(definition.key) + " | " + code(definition.defaultValue) + " | " +
                cell(definition.kind()) + " | " + cell(definition.meaning) + " | " +
                std::string(whenOf(definition.applies)) + " |\n";
    }
    return text;
}

}  // namespace changebank::daemon
