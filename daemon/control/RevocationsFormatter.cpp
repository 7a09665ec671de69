#include "changebank/daemon/control/RevocationsFormatter.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "changebank/daemon/control/client/ResponseMembers.h"

namespace changebank::daemon {

namespace {

using Row = std::array<std::string, 4>;

/// What a revocation is of, and the ids of it.
struct Target {
    std::string kind;
    std::string ids;
};

Target targetOf(const Json& revocation) {
    const auto session = text(revocation, "session");
    if (!session.empty()) return {"session", session};
    const auto user = text(revocation, "user");
    const auto application = text(revocation, "application");
    const auto tenant = text(revocation, "tenant");
    if (user.empty())
        return {"application", application + (tenant.empty() ? "" : " in the tenant " + tenant)};
    return {"user", user + (application.empty() ? "" : " in the application " + application)};
}

Row rowOf(const Json& revocation) {
    auto [kind, ids] = targetOf(revocation);
    return {text(revocation, "issuedUpTo"), std::move(kind), std::move(ids), text(revocation, "reason")};
}

/// Lines of columns that are as wide as their widest cell.
std::string tableOf(const std::vector<Row>& rows) {
    std::array<std::size_t, 4> widths{};
    for (const auto& row : rows) {
        for (std::size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], row[column].size());
    }
    std::string table;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += row[column];
            line.append(widths[column] - row[column].size() + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        table += line + "\n";
    }
    return table;
}

/// Whether other daemons have it, in a line; nothing if all do.
std::string reachOf(const Json& answer) {
    const auto& shared = member(answer, "shared");
    if (shared.isNull()) return "in this daemon alone, since revocation.redis is not set\n";
    if (isTrue(answer, "shared")) return {};
    return "in this daemon alone until Redis can be reached; see changebankctl status\n";
}

}  // namespace

std::string formatRevocations(const Json& listed) {
    const auto& revocations = array(listed, "revocations");
    if (revocations.empty()) return "no revocations\n";
    std::vector<Row> rows{{"ISSUED UP TO", "WHAT", "ID(S)", "REASON"}};
    for (const auto& revocation : revocations)
        rows.push_back(rowOf(revocation));
    const auto shown = std::to_string(revocations.size());
    const bool isCut = number(listed, "total") > static_cast<double>(revocations.size());
    return tableOf(rows) +
           (isCut ? "the latest " + shown + " of " + text(listed, "total") + "; --limit=N shows more\n" : "");
}

std::string formatRevoked(const Json& answer) {
    const auto& revocation = member(answer, "revocation");
    const auto [kind, ids] = targetOf(revocation);
    const bool isNew = text(answer, "outcome") == "kept";
    auto lines = (isNew ? "revoked: " : "revoked already: ") + kind + " " + ids + "; tokens issued up to " +
                 text(revocation, "issuedUpTo") + " are refused\n" + reachOf(answer) +
                 "later tokens are accepted; FusionAuth decides who gets one\n";
    if (isNew && !isTrue(answer, "audited")) lines += "warning: the audit log could not record it\n";
    return lines;
}

}  // namespace changebank::daemon
