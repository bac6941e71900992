// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/pipeline/admin_door.h"

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the admin API is made of: a table of endpoints, each a plain function over the facade.
namespace gateway::admin {

using Role = config::AdminRole;

class RuleIndexes;

/// Whether an endpoint looks at If-Match, the revision that was read.
enum class IfMatch : std::uint8_t { No, May, Must };

/// One request on its way to its answer. On the gateway's thread.
struct Ask
{
    api::Gateway &gateway;
    QObject *context;                        ///< for the facade's answers
    std::string author;                      ///< "admin:ci": for the list of revisions and the audit log
    std::string from {};                     ///< the address of who asks
    Role role = Role::Analyst;               ///< of whose token it is: at least the endpoint's
    std::string keyId {};                    ///< of the virtual key that asks, for calls of its own alone; empty: a token does
    std::vector<std::string> arguments {};   ///< what stands in the places of the path's {names}, percent-decoded
    std::map<std::string, std::string, std::less<>> query {}; ///< percent-decoded
    std::string ifMatch {};                  ///< the If-Match header, as sent
    std::string body {};
    RuleIndexes *rules = nullptr;            ///< not null, but where a key asks

    [[nodiscard]] std::string_view argument(std::size_t index = 0) const { return index < arguments.size() ? std::string_view(arguments[index]) : std::string_view(); }
    [[nodiscard]] api::EditNote note(std::string words) const { return {std::move(words), author, from}; }
    [[nodiscard]] std::string_view asked(std::string_view name) const
    {
        const auto found = query.find(name);
        return found == query.end() ? std::string_view() : std::string_view(found->second);
    }
};

/// Takes the answer, once.
using Done = std::function<void(pipeline::AdminReply)>;
using Handler = std::function<void(Ask, Done)>;

struct Endpoint
{
    std::string_view method;                 ///< "POST"
    std::string path;                        ///< "/admin/v1/routes/{id}/explain"
    Role least = Role::Admin;                ///< whom it answers
    Handler handler;
    std::string summary;                     ///< for the OpenAPI text, as are all below
    std::vector<std::string_view> query {};  ///< what it takes behind '?'
    std::string body {};                     ///< name of its body's schema; empty: it takes none
    std::string answer {};                   ///< name of its answer's schema; empty: it has no body; "yaml": it is no JSON
    IfMatch ifMatch = IfMatch::No;
    int status = 200;                        ///< of its success
    int otherStatus = 0;                     ///< of its success too, with the same answer; 0: none
};

/// Every endpoint, in the order of the OpenAPI text. Made once.
const std::vector<Endpoint> &endpoints();

// The parts of the table.
void addEntryEndpoints(std::vector<Endpoint> &table);  ///< providers, routes, teams, keys and so on
void addRuleEndpoints(std::vector<Endpoint> &table);   ///< budgets and limits
void addPriceEndpoints(std::vector<Endpoint> &table);
void addActionEndpoints(std::vector<Endpoint> &table); ///< what is done with a key or a provider
void addPlanEndpoints(std::vector<Endpoint> &table);   ///< explain, replay
void addBillEndpoints(std::vector<Endpoint> &table);   ///< providers' bills
void addCostEndpoints(std::vector<Endpoint> &table);   ///< what costs tell beside their sums
void addPrivacyEndpoints(std::vector<Endpoint> &table); ///< policies tried out
void addConfigEndpoints(std::vector<Endpoint> &table); ///< the configuration as a whole
void addAuditEndpoints(std::vector<Endpoint> &table);  ///< who changed what
void addCacheEndpoints(std::vector<Endpoint> &table);  ///< kept answers
void addCallEndpoints(std::vector<Endpoint> &table);   ///< the log and its figures
void addAlertEndpoints(std::vector<Endpoint> &table);  ///< what is done with alerts beside editing them
void addReportEndpoints(std::vector<Endpoint> &table); ///< what is done with reports beside editing their list
void addPromptEndpoints(std::vector<Endpoint> &table); ///< what is done with prompts beside editing them, and feedback
// LiteLLM's management calls, at its paths, for scripts that are there already (litellm/).
void addLiteLlmKeyEndpoints(std::vector<Endpoint> &table);
void addLiteLlmTeamEndpoints(std::vector<Endpoint> &table);
void addLiteLlmSpendEndpoints(std::vector<Endpoint> &table);
void addLiteLlmModelEndpoints(std::vector<Endpoint> &table);

/// Takes a key's question about its own calls (api.md, /v1/calls): the list, or one of them, as the admin API gives them to
/// an analyst, without what is the administrators' alone.
/// @param request  with its keyId; its path ends in what stands behind "/v1/calls"
void askForOwnCalls(Ask ask, const pipeline::AdminRequest &request, const Done &done);

/// Takes a key's word about a call of its own or its team's (api.md, /v1/feedback).
/// @param request  with its keyId
void takeFeedback(Ask ask, const pipeline::AdminRequest &request, const Done &done);

/// `from`, `to` and `filter`, as each question about the log has them; what is not asked stays. Errors: BadRequest.
Result<void> readWhich(const Ask &ask, TimeRange &range, CallFilter &filter);

/// "a=b&c=d", decoded; of equal names the first counts.
std::map<std::string, std::string, std::less<>> queryFields(std::string_view query);
/// A misspelt option must not be passed over in silence: a filter that does not filter shows what nobody asked for.
std::optional<Error> unknownField(const Endpoint &endpoint, std::string_view path, const std::map<std::string, std::string, std::less<>> &fields);

/// What a method and a path (not decoded) lead to.
struct Match
{
    const Endpoint *endpoint = nullptr;      ///< null: nothing is there, or `allow` says what is
    std::vector<std::string> arguments {};
    std::string allow {};                    ///< "GET, PUT": the path is there, that method is not
};
Match match(std::string_view method, std::string_view path);

/// The OpenAPI 3.1 text of endpoints(), as JSON.
std::string openApi();

} // namespace gateway::admin
