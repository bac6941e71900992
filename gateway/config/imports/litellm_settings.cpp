// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/litellm_parts.h"

#include "gateway/config/check.h"
#include "gateway/config/names.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// What LiteLLM's settings say of all calls; and why the others are not taken.
namespace gateway::config::imports {

namespace {

struct Reason
{
    std::string_view section; ///< "": the root
    std::string_view key;
    std::string_view words;
};

constexpr std::array<std::string_view, 4> unlisted {"azure", "vertex", "bedrock", "perplexity"}; ///< kinds without a list of models

constexpr const char *masterKeyName = "litellm-master-key";
constexpr std::string_view ownStore = "Signalbox keeps configuration and calls in its own data folder";
constexpr std::string_view noCache = "the cache is switched on by route here: give routes `cache: { mode: exact }`";
constexpr std::string_view noExport = "Signalbox keeps the calls in its own log; /metrics is there for Prometheus";
constexpr std::string_view oneCount = "a route's retry has one count, for the failures in `retry.on`";
constexpr std::string_view noUsers = "there are no users here; make keys and teams with `key create`, or in the window";

constexpr std::array reasons {
    Reason {"", "include", "an import reads one file: import the others too"},
    Reason {"", "guardrails", "they are other ones here: set rules and guardrails in a policy, under privacy.policies"},
    Reason {"", "mcp_servers", "Signalbox is no MCP gateway"},
    Reason {"", "prompts", "prompts are other ones here: make them under prompts"},
    Reason {"", "files_settings", "providers' files are reached through /passthrough, with a key that has the permission"},
    Reason {"litellm_settings", "set_verbose", "start with --log-level debug"},
    Reason {"litellm_settings", "json_logs", "start with --log-format json"},
    Reason {"litellm_settings", "callbacks", noExport},
    Reason {"litellm_settings", "success_callback", noExport},
    Reason {"litellm_settings", "failure_callback", noExport},
    Reason {"litellm_settings", "redact_user_api_key_info", "no secret of a caller is ever logged here"},
    Reason {"litellm_settings", "upperbound_key_generate_params", "keys have no upper bounds here; a team's budgets and limits bound all of its keys"},
    Reason {"litellm_settings", "default_internal_user_params", noUsers},
    Reason {"litellm_settings", "cache", noCache},
    Reason {"litellm_settings", "cache_params", noCache},
    Reason {"litellm_settings", "cost_discount_config", "give the discounted prices under the provider's models"},
    Reason {"router_settings", "routing_strategy_args", "how long figures count is not set here"},
    Reason {"router_settings", "enable_pre_call_checks", "targets that a call does not fit are always passed over here"},
    Reason {"router_settings", "optional_pre_call_checks", "budgets are always checked here; for prompt caches or sessions, balance by hash of metadata.session"},
    Reason {"router_settings", "enable_tag_filtering", "choose by tags with a route's `when`"},
    Reason {"router_settings", "retry_policy", oneCount},
    Reason {"router_settings", "allowed_fails_policy", "a provider's breaker has one count, for all failures"},
    Reason {"router_settings", "redis_host", "replicas that share their state are not built yet"},
    Reason {"router_settings", "redis_port", "replicas that share their state are not built yet"},
    Reason {"router_settings", "redis_password", "replicas that share their state are not built yet"},
    Reason {"general_settings", "database_url", ownStore},
    Reason {"general_settings", "database_connection_pool_limit", ownStore},
    Reason {"general_settings", "proxy_batch_write_at", ownStore},
    Reason {"general_settings", "use_redis_transaction_buffer", ownStore},
    Reason {"general_settings", "store_model_in_db", ownStore},
    Reason {"general_settings", "allow_requests_on_db_unavailable", "gateway.durability says whether an answer waits for its record"},
    Reason {"general_settings", "maximum_spend_logs_retention_interval", "what is too old is removed all the time"},
    Reason {"general_settings", "litellm_key_header_name", "a key comes in Authorization, x-api-key, api-key or x-goog-api-key"},
    Reason {"general_settings", "pass_through_endpoints", "providers' own APIs are at /passthrough/PROVIDER, for keys with that permission"},
};

/// A setting of the gateway's, taken.
class Settings
{
public:
    Settings(Gathered &gathered, const Node &root) : m_all(gathered), m_account(gathered.account), m_root(root), m_gateway(gathered.result.text.config.gateway) {}

    void read()
    {
        readTimeout();
        if (const Node *keep = at("general_settings", "maximum_spend_logs_retention_period")) {
            std::optional<Millis> period;
            takeDuration(*keep, "log.keep", period);
            if (period)
                m_gateway.log.keep = *period;
        }
        readBodies();
        readZone();
        readBudgets();
        readProviders();
        readMasterKey();
    }

private:
    /// The router's own is the one that a call meets.
    void readTimeout()
    {
        const Node *router = at("router_settings", "timeout");
        const Node *client = at("litellm_settings", "request_timeout");
        if (const Node *first = router ? router : client)
            takeDuration(*first, "timeouts.total", m_gateway.timeouts.total);
        if (router && client)
            m_account.left(*client, "router_settings.timeout rules over it");
    }

    const Node *at(const char *section, std::string_view key) const
    {
        const Node *found = m_root.find(section);
        return found ? found->find(key) : nullptr;
    }

    void takeDuration(const Node &node, const std::string &setting, std::optional<Millis> &to)
    {
        if (const auto duration = m_account.seconds(node)) {
            to = *duration;
            m_all.result.text.gatewayKeys.insert(setting);
            m_account.taken(node, "gateway." + setting);
        }
    }

    /// What opened LiteLLM's management calls opens the admin API, which has them too.
    void readMasterKey()
    {
        const Node *key = at("general_settings", "master_key");
        if (key == nullptr)
            return;
        const auto secret = m_all.value(*key, true);
        if (!secret && key->kind == Node::Kind::Scalar)
            m_account.left(*key, "its variable is not set here: set it and import again, or make an admin token of your own");
        if (!secret)
            return;
        if (secret->size() < shortestAdminToken)
            return m_account.left(*key, fmt::format("an admin token has {} characters or more, and this has {}; make one of your own", shortestAdminToken, secret->size()));
        m_all.result.text.config.adminTokens.push_back({.name = masterKeyName, .role = AdminRole::Admin, .secret = {*secret}});
        m_account.changed(*key, fmt::format("the secret of admin token {}, with the role admin; for calls of models, make keys", masterKeyName));
    }

    void readBodies()
    {
        for (const auto &[section, key, off] : {std::tuple("litellm_settings", "turn_off_message_logging", true), std::tuple("general_settings", "store_prompts_in_spend_logs", false)}) {
            const Node *node = at(section, key);
            const auto said = node ? m_account.truth(*node) : std::nullopt;
            if (!said)
                continue;
            if (*said == off) {
                m_gateway.log.bodies = false;
                m_all.result.text.gatewayKeys.insert("log.bodies");
            }
            m_account.taken(*node, *said == off ? "gateway.log.bodies: false" : "gateway.log.bodies, as it is");
        }
    }

    void readZone()
    {
        const Node *zone = at("litellm_settings", "timezone");
        if (zone == nullptr)
            return;
        if (!isZoneName(zone->text))
            return m_account.left(*zone, "it is no time zone's name");
        m_gateway.timeZone = zone->text;
        m_all.result.text.gatewayKeys.insert("time_zone");
        m_account.taken(*zone, "gateway.time_zone");
    }

    /// An amount and its duration, which may stand in another place.
    std::optional<Budget> budgetOf(const Node &amount, const Node *duration)
    {
        const auto money = m_account.dollars(amount);
        const auto period = duration ? periodOf(duration->text) : std::optional(Period::Total);
        if (!money)
            return std::nullopt;
        if (!period) {
            m_account.left(*duration, "budgets are for an hour, a day, a week, a month, or in total");
            m_account.left(amount, "its duration is none of an hour, a day, a week or a month");
            return std::nullopt;
        }
        if (duration)
            m_account.changed(*duration, fmt::format("per {}, by the calendar", toText(*period)));
        return Budget {.amount = *money, .per = *period};
    }

    void readBudgets()
    {
        Config &config = m_all.result.text.config;
        if (const Node *amount = at("litellm_settings", "max_budget")) {
            if (const auto budget = budgetOf(*amount, at("litellm_settings", "budget_duration"))) {
                config.organisation.quota.budgets = {*budget};
                m_all.result.text.sections.insert("organisation");
                m_account.taken(*amount, "budget of the organisation");
            }
        }
        if (const Node *amount = at("litellm_settings", "max_end_user_budget")) {
            if (const auto budget = budgetOf(*amount, nullptr)) {
                config.customers.defaultBudget = *budget;
                m_all.result.text.sections.insert("customers");
                m_account.taken(*amount, "customers.default_budget, in total");
            }
        }
    }

    /// Settings that every provider gets.
    void readProviders()
    {
        Config &config = m_all.result.text.config;
        if (const Node *fails = at("router_settings", "allowed_fails")) {
            if (const auto count = m_account.whole(*fails, 0)) {
                for (Provider &provider : config.providers)
                    provider.breaker.failures = static_cast<int>(std::min<std::int64_t>(*count + 1, 1'000));
                m_account.changed(*fails, fmt::format("breaker.failures: {}, of a provider's model and credential", std::min<std::int64_t>(*count + 1, 1'000)));
            }
        }
        if (const Node *cooldown = at("router_settings", "cooldown_time")) {
            const auto time = m_account.seconds(*cooldown);
            if (time && *time < Millis {1})
                m_account.left(*cooldown, "a breaker rests for some time");
            for (Provider &provider : config.providers) {
                if (time && *time >= Millis {1})
                    provider.breaker.cooldown = *time;
            }
            if (time && *time >= Millis {1})
                m_account.taken(*cooldown, "breaker.cooldown of every provider");
        }
        readProbes(config);
        readProviderBudgets(config);
    }

    void readProbes(Config &config)
    {
        const Node *probes = at("general_settings", "background_health_checks");
        const Node *interval = at("general_settings", "health_check_interval");
        const auto on = probes ? m_account.truth(*probes) : std::nullopt;
        if (probes && on)
            m_account.changed(*probes, *on ? "health_probe: models, which costs nothing, where the provider has a list of them" : "health_probe: off, as it is");
        const auto every = interval ? m_account.seconds(*interval) : std::nullopt;
        if (interval && every)
            m_account.taken(*interval, on.value_or(false) ? "every, of health_probe" : "nothing is probed");
        if (!on.value_or(false))
            return;
        for (Provider &provider : config.providers) {
            if (std::ranges::find(unlisted, provider.kind) != unlisted.end())
                continue;
            provider.healthProbe = HealthProbe::Models;
            if (every && *every >= std::chrono::seconds {1})
                provider.probeEvery = *every;
        }
    }

    void readProviderBudgets(Config &config)
    {
        const Node *budgets = at("router_settings", "provider_budget_config");
        if (budgets == nullptr)
            return;
        for (const Entry &entry : budgets->entries) {
            const Node *amount = entry.value.find("budget_limit");
            const Node *period = entry.value.find("time_period");
            std::vector<Provider *> meant;
            for (Provider &provider : config.providers) {
                if (provider.kind == kindOf(entry.key))
                    meant.push_back(&provider);
            }
            if (amount == nullptr || meant.empty()) {
                m_account.left(entry.value, meant.empty() ? "model_list has no such provider" : "it has no budget_limit");
                continue;
            }
            const auto budget = budgetOf(*amount, period);
            if (!budget)
                continue;
            for (Provider *provider : meant)
                provider->quota.budgets = {*budget};
            m_account.changed(*amount, meant.size() == 1 ? fmt::format("budget of provider {}", meant.front()->name) : fmt::format("budget of each of {} providers", meant.size()));
            if (meant.size() == 1)
                m_account.taken(*amount, fmt::format("budget of provider {}", meant.front()->name));
        }
    }

    Gathered &m_all;
    Account &m_account;
    const Node &m_root;
    GatewaySettings &m_gateway;
};

} // namespace

std::optional<Period> periodOf(std::string_view duration)
{
    constexpr std::array<std::pair<std::string_view, Period>, 10> known {{{"1h", Period::Hour}, {"60m", Period::Hour}, {"24h", Period::Day}, {"1d", Period::Day}, {"7d", Period::Week},
                                                                         {"1w", Period::Week}, {"30d", Period::Month}, {"31d", Period::Month}, {"1mo", Period::Month}, {"28d", Period::Month}}};
    const auto row = std::ranges::find(known, duration, &std::pair<std::string_view, Period>::first);
    return row == known.end() ? std::nullopt : std::optional(row->second);
}

void readSettings(Gathered &gathered, const Node &root)
{
    Settings(gathered, root).read();
    readAlerting(gathered, root);
    for (const Reason &reason : reasons) {
        const Node *section = reason.section.empty() ? &root : root.find(reason.section);
        const Node *value = section ? section->find(reason.key) : nullptr;
        if (value)
            gathered.account.left(*value, std::string(reason.words));
    }
}

} // namespace gateway::config::imports
