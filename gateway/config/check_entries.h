// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/kind_fields.h"
#include "gateway/config/names.h"
#include "gateway/config/problem.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The parts of check(). Internal to config/.
namespace gateway::config {

/// Collects what the checks find.
class Checks
{
public:
    void error(std::string field, std::string message);
    void warn(std::string field, std::string message);
    void range(const std::string &field, std::int64_t value, std::int64_t least, std::int64_t most);
    void size(const std::string &field, std::int64_t value, std::int64_t least, std::int64_t most);
    void duration(const std::string &field, Millis value, Millis least, Millis most);
    void timeouts(const std::string &field, const Timeouts &timeouts);
    void networks(const std::string &field, const std::vector<std::string> &networks);
    void name(const std::string &field, NameOf what, std::string_view name);
    void secret(const std::string &field, const Secret &secret); ///< characters that would break a header
    void zone(const std::string &field, std::string_view name); ///< of the time; one that this machine does not know is warned of
    void json(const std::string &field, const JsonText &text);
    Problems take() { return std::move(m_problems); }

private:
    Problems m_problems;
};

/// Names that were seen, to find one that occurs twice.
class Uniques
{
public:
    /// @param what  "provider"; for the message
    void add(Checks &checks, const std::string &field, std::string_view what, std::string_view name);

private:
    std::unordered_map<std::string, std::string> m_fields;
};

void checkProviders(Checks &checks, const std::vector<Provider> &providers, std::span<const KindFields> kinds);
/// What the kind asks of the provider's own settings and of its credentials' values.
void checkKindFields(Checks &checks, const std::string &field, const Provider &provider, const KindFields &kind);
void checkRoutes(Checks &checks, const std::vector<Route> &routes);
void checkRetry(Checks &checks, const std::string &field, const Retry &retry);
/// The node and all below it.
void checkPlan(Checks &checks, const std::string &field, const PlanNode &plan);
/// Fields, operators and values; whether a regular expression is one, pipeline/compile tells.
void checkCondition(Checks &checks, const std::string &field, const Condition &condition);
void checkTeams(Checks &checks, const std::vector<Team> &teams);
void checkKeys(Checks &checks, const std::vector<VirtualKey> &keys);
void checkAdminTokens(Checks &checks, const std::vector<AdminToken> &tokens);
void checkTags(Checks &checks, const std::vector<Tag> &tags);
void checkCustomers(Checks &checks, const Customers &customers);
void checkTelemetry(Checks &checks, const TelemetrySettings &telemetry);
/// Headers that are sent along: names, values, and that none is of those that frame a message.
void checkHeaders(Checks &checks, const std::string &field, const std::map<std::string, std::string> &headers);

bool isHttpUrl(std::string_view text); ///< http or https, a host, no white space
bool isHeaderName(std::string_view name); ///< a token of RFC 9110 5.6.2
bool hasBlank(std::string_view text);  ///< a space or control character
/// One "@", something on both sides, and nothing that would end a line of SMTP or name a second one.
bool isMailAddress(std::string_view text);

} // namespace gateway::config
