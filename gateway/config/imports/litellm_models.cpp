// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/litellm_parts.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

/// model_list: each entry's litellm_params and model_info.
namespace gateway::config::imports {

namespace {

/// Parameters of a request that an entry may set where the caller does not.
constexpr std::array<std::string_view, 13> requestDefaults {"temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "stop", "seed", "presence_penalty",
                                                            "frequency_penalty", "logit_bias", "reasoning_effort", "response_format", "user"};

/// Boundaries between its tiers, by LiteLLM's own measure from 0 to 1.
constexpr std::array<std::pair<std::string_view, const char *>, 3> tiers {{{"SIMPLE", "0.15"}, {"MEDIUM", "0.35"}, {"COMPLEX", "0.6"}}};

PlanNode toRoute(std::string name)
{
    return {.node = RouteNode {.route = std::move(name)}};
}

/// Reads one entry into a Deployment and the provider that it belongs to.
class EntryReader
{
public:
    EntryReader(Gathered &gathered, const Node &entry) : m_all(gathered), m_account(gathered.account), m_params(entry.find("litellm_params")), m_info(entry.find("model_info")) {}

    void read(const std::string &name)
    {
        const Node *model = m_params->find("model");
        const auto text = model ? m_account.text(*model) : std::nullopt;
        if (!text)
            return m_account.left(*m_params, "it names no `model`");
        if (text->starts_with("auto_router/"))
            return readRouter(name, *model, *text);
        if (!readProvider(*model, *text))
            return;
        readCredential();
        readTarget();
        readLimit();
        readModel();
        const std::string provider = m_providerName.empty() ? m_prefix : m_providerName;
        const ProviderPool::Place place = m_all.pool.place(m_provider, m_credential, provider);
        m_made.provider = place.provider;
        m_made.credential = place.credential;
        addToProvider(m_all.pool.at(place.provider));
        m_made.target.provider = m_all.pool.at(place.provider).name;
        m_account.taken(*model, fmt::format("model {} of provider {}", m_made.target.model, m_made.target.provider));
        ModelGroup &group = *m_all.group(name);
        if (const Node *drop = m_params->find("drop_params"); drop && m_account.truth(*drop)) {
            group.drops |= drop->text == "true";
            m_account.taken(*drop, "unsupported: drop, for the whole route");
        }
        group.deployments.push_back(std::move(m_made));
    }

private:
    const Node *param(std::string_view key) const { return m_params->find(key); }

    bool readProvider(const Node &model, const std::string &text)
    {
        const std::size_t slash = text.find('/');
        m_prefix = slash == std::string::npos ? std::string() : text.substr(0, slash);
        m_made.target.model = slash == std::string::npos ? text : text.substr(slash + 1);
        if (const Node *custom = param("custom_llm_provider"); custom && custom->kind == Node::Kind::Scalar) {
            if (kindOf(m_prefix).empty())
                m_made.target.model = text;
            m_prefix = custom->text;
            m_account.taken(*custom, "the provider's kind");
        } else if (kindOf(m_prefix).empty()) {
            guessPrefix(text);
        }
        m_provider.kind = kindOf(m_prefix);
        if (m_provider.kind.empty()) {
            m_account.left(model, fmt::format("Signalbox has no provider kind for {}; where it speaks OpenAI's API, add it as openai-compatible", jsonQuoted(truncatedUtf8(text, 100))));
            return false;
        }
        if (m_provider.kind == "bedrock") {
            for (const std::string_view way : {"converse/", "invoke/"}) {
                if (m_made.target.model.starts_with(way))
                    m_made.target.model.erase(0, way.size());
            }
        }
        return true;
    }

    /// LiteLLM knows some models without a provider before them.
    void guessPrefix(const std::string &text)
    {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known {{{"gpt-", "openai"}, {"o1", "openai"}, {"o3", "openai"}, {"o4", "openai"}, {"text-embedding-", "openai"},
                                                                                      {"dall-e", "openai"}, {"claude", "anthropic"}, {"command", "cohere"}}};
        const auto row = std::ranges::find_if(known, [&](const auto &each) { return text.starts_with(each.first); });
        if (row == known.end())
            return;
        m_prefix = row->second;
        m_made.target.model = text;
    }

    /// A value of the entry, else of the named credential of credential_list.
    const Node *own(std::string_view key)
    {
        if (const Node *value = param(key))
            return value;
        return m_shared == nullptr ? nullptr : m_shared->find(key);
    }

    void put(std::string_view key, std::string &to, std::string_view words)
    {
        const Node *node = own(key);
        if (node == nullptr)
            return;
        if (auto value = m_all.value(*node, false)) {
            to = std::move(*value);
            if (!m_account.has(*node))
                m_account.taken(*node, std::string(words));
        }
    }

    void putSecret(std::string_view key, Secret &to)
    {
        const Node *node = own(key);
        if (node == nullptr)
            return;
        if (node->text.starts_with(environmentPrefix) && m_credential.name.empty())
            m_credential.name = node->text.substr(environmentPrefix.size());
        if (const auto value = m_all.value(*node, true); value && *value != "none" && *value != "None") {
            to.value = *value;
        } else if (value) {
            m_account.taken(*node, "the provider needs none");
        }
    }

    void readCredential()
    {
        if (const Node *name = param("litellm_credential_name"); name && name->kind == Node::Kind::Scalar) {
            const auto found = m_all.credentials.find(name->text);
            if (found == m_all.credentials.end()) {
                m_account.left(*name, "credential_list has none of that name");
            } else {
                m_shared = found->second;
                m_credential.name = m_providerName = name->text;
                m_account.taken(*name, "the credential of that name");
            }
        }
        putSecret("api_key", m_credential.apiKey);
        put("api_base", m_provider.baseUrl, "base_url");
        put("base_url", m_provider.baseUrl, "base_url");
        if (m_provider.kind == "openai" && !m_provider.baseUrl.empty() && m_provider.baseUrl.find("api.openai.com") == std::string::npos)
            m_provider.kind = "openai-compatible";
        if (m_provider.kind == "azure")
            put("api_version", m_provider.apiVersion, "api_version");
        if (m_provider.kind == "azure") {
            put("tenant_id", m_credential.tenantId, "tenant_id");
            put("client_id", m_credential.clientId, "client_id");
            putSecret("client_secret", m_credential.clientSecret);
        }
        if (m_provider.kind == "bedrock") {
            put("aws_region_name", m_provider.region, "region");
            putSecret("aws_access_key_id", m_credential.accessKeyId);
            putSecret("aws_secret_access_key", m_credential.secretAccessKey);
            putSecret("aws_session_token", m_credential.sessionToken);
        }
        if (m_provider.kind == "vertex") {
            put("vertex_project", m_provider.project, "project");
            put("vertex_location", m_provider.location, "location");
            readServiceAccount();
        }
        std::string organization;
        put("organization", organization, "header OpenAI-Organization");
        if (!organization.empty())
            m_provider.headers["OpenAI-Organization"] = organization;
        readHeaders();
    }

    void readServiceAccount()
    {
        const Node *node = own("vertex_credentials");
        if (node == nullptr)
            return;
        const auto value = m_all.value(*node, true);
        if (!value)
            return;
        if (trimmed(*value).starts_with('{'))
            m_credential.serviceAccount.value = *value;
        else
            m_account.left(*node, "the service account's key stays in its file, which an import does not read: enter it in the window, or in a file as service_account: \"file:PATH\"");
    }

    void readHeaders()
    {
        const Node *headers = param("extra_headers");
        if (headers == nullptr)
            return;
        for (const Entry &entry : headers->entries) {
            if (const auto value = m_all.value(entry.value, true)) {
                m_provider.headers[entry.key] = *value;
                if (!entry.value.text.starts_with(environmentPrefix))
                    m_account.taken(entry.value, fmt::format("header of provider {}", m_prefix));
            }
        }
    }

    void readTarget()
    {
        TargetNode &target = m_made.target;
        for (const auto &[key, to] : {std::pair("rpm", &target.rpm), std::pair("tpm", &target.tpm)}) {
            if (const Node *node = param(key)) {
                if ((*to = m_account.whole(*node)))
                    m_account.taken(*node, fmt::format("{} of the target", key));
            }
        }
        for (const auto &[key, to, words] : {std::tuple("timeout", &target.timeouts.total, "timeouts.total"), std::tuple("stream_timeout", &target.timeouts.firstByte, "timeouts.first_byte")}) {
            if (const Node *node = param(key)) {
                if ((*to = m_account.seconds(*node)))
                    m_account.taken(*node, words);
            }
        }
        if (const Node *retries = param("max_retries") ? param("max_retries") : param("num_retries")) {
            if (const auto count = m_account.whole(*retries, 0)) {
                target.retry.emplace().attempts = static_cast<int>(std::min<std::int64_t>(*count + 1, 10));
                m_account.taken(*retries, "retry.attempts of the target, which counts the first try too");
            }
        }
        if (const Node *region = param("region_name")) {
            if (const auto text = m_account.text(*region)) {
                target.region = *text;
                m_account.taken(*region, "region of the target");
            }
        }
        if (const Node *weight = param("weight")) {
            if (const auto number = m_account.whole(*weight, 1)) {
                m_made.weight = static_cast<int>(std::min<std::int64_t>(*number, 1'000));
                m_account.taken(*weight, "weight in the balance");
            }
        }
        if (const Node *order = param("order")) {
            if (const auto number = m_account.whole(*order, 0)) {
                m_made.order = *number;
                m_account.taken(*order, "place in the fallback chain");
            }
        }
        if (const Node *drop = param("additional_drop_params")) {
            if (const auto names = m_account.texts(*drop)) {
                target.drop = *names;
                m_account.taken(*drop, "drop of the target");
            }
        }
        for (const char *key : {"tags", "tag_regex"}) {
            if (const Node *tags = param(key))
                m_account.left(*tags, "a target has no tags here: choose by them with a `when` over tags or headers.user-agent");
        }
        readDefaults();
    }

    void readDefaults()
    {
        Node defaults = Node::map();
        for (const std::string_view key : requestDefaults) {
            const Node *value = param(key);
            if (value == nullptr)
                continue;
            defaults.add(std::string(key), *value);
            m_account.taken(*value, "defaults of the target");
        }
        if (!defaults.entries.empty())
            m_made.target.defaults.text = jsonText(defaults);
    }

    void readLimit()
    {
        LimitNode limit;
        if (const Node *parallel = param("max_parallel_requests")) {
            if ((limit.parallel = m_account.whole(*parallel)))
                m_account.taken(*parallel, "a limit around the target");
        }
        if (const Node *budget = param("max_budget")) {
            const Node *duration = param("budget_duration");
            const auto period = periodOf(duration ? duration->text : std::string());
            limit.amount = m_account.dollars(*budget);
            if (limit.amount && *limit.amount > Money() && period) {
                limit.per = *period;
                m_account.changed(*budget, "a limit around the target, which counts from the gateway's start on");
                m_account.changed(*duration, fmt::format("per {}, by the calendar", toText(*period)));
            } else if (limit.amount) {
                limit.amount.reset();
                m_account.left(*budget, "its budget_duration is none of an hour, a day, a week or a month");
                if (duration)
                    m_account.left(*duration, "an hour, a day, a week or a month");
            }
        }
        if (limit.parallel || limit.amount)
            m_made.limit = std::move(limit);
    }

    /// What the entry says of its model: prices, sizes, abilities.
    void readModel()
    {
        m_settings.id = m_made.target.model;
        if (const Node *base = find("base_model")) {
            if (const auto text = m_account.text(*base))
                takeBaseModel(*base, *text);
        }
        for (const auto &[key, to] : {std::pair("input_cost_per_token", &m_settings.inputPerMtok), std::pair("output_cost_per_token", &m_settings.outputPerMtok),
                                      std::pair("cache_read_input_token_cost", &m_settings.cachedInputPerMtok), std::pair("cache_creation_input_token_cost", &m_settings.cacheWritePerMtok)}) {
            const Node *node = find(key);
            const auto cost = node ? m_account.number(*node) : std::nullopt;
            if (!cost)
                continue;
            constexpr double most = 1e3; // dollars a token
            if (*cost > most) {
                m_account.left(*node, "more than any token costs");
                continue;
            }
            *to = Money::fromNanos(std::llround(*cost * 1e15));
            m_account.taken(*node, "price of the model, for a million tokens");
        }
        for (const auto &[key, to] : {std::pair("max_input_tokens", &m_settings.context), std::pair("max_output_tokens", &m_settings.maxOutput)}) {
            if (const Node *node = find(key)) {
                if ((*to = m_account.whole(*node)))
                    m_account.taken(*node, to == &m_settings.context ? "context of the model" : "max_output of the model");
            }
        }
        for (const auto &[key, to] : {std::pair("supports_function_calling", &m_settings.tools), std::pair("supports_vision", &m_settings.vision),
                                      std::pair("supports_response_schema", &m_settings.jsonSchema), std::pair("supports_audio_input", &m_settings.audio)}) {
            if (const Node *node = find(key)) {
                if ((*to = m_account.truth(*node)))
                    m_account.taken(*node, "what the model takes");
            }
        }
        for (const auto &[key, words] : {std::pair("id", "Signalbox gives ids of its own"), std::pair("mode", "each route serves every API that its providers have"),
                                         std::pair("access_groups", "name the routes in a key's `models`")}) {
            if (const Node *node = m_info ? m_info->find(key) : nullptr)
                m_account.left(*node, words);
        }
    }

    /// azure: the price's model; its deployment has another name.
    void takeBaseModel(const Node &node, const std::string &text)
    {
        const std::string model = text.substr(text.find('/') == std::string::npos ? 0 : text.find('/') + 1);
        if (m_provider.kind != "azure")
            return m_account.left(node, "the model has the name that the provider gives it; set its price under the provider's models");
        m_deployment = m_made.target.model;
        m_made.target.model = m_settings.id = model;
        m_account.taken(node, fmt::format("the model, whose deployment is {}", jsonQuoted(truncatedUtf8(m_deployment, 100))));
    }

    const Node *find(std::string_view key) const
    {
        const Node *node = m_info ? m_info->find(key) : nullptr;
        return node ? node : param(key);
    }

    void addToProvider(Provider &provider)
    {
        if (!m_deployment.empty())
            provider.deployments[m_settings.id] = m_deployment;
        ModelSettings bare;
        bare.id = m_settings.id;
        const auto known = std::ranges::find(provider.models, m_settings.id, &ModelSettings::id);
        if (m_settings != bare && m_settings.id != "*" && known == provider.models.end())
            provider.models.push_back(m_settings);
    }

    void readRouter(const std::string &name, const Node &model, const std::string &text)
    {
        const Node *config = param("complexity_router_config");
        const Node *found = config ? config->find("tiers") : nullptr;
        if (text != "auto_router/complexity_router" || found == nullptr || found->kind != Node::Kind::Map)
            return m_account.left(model, "Signalbox has no such router; a route's `when` chooses by conditions");
        WhenNode when;
        for (const auto &[tier, below] : tiers) {
            const Node *group = found->find(tier);
            if (group == nullptr || group->kind != Node::Kind::Scalar)
                continue;
            FieldTest test {.field = "complexity", .comparison = Operator::Less, .values = {{.kind = ConditionValue::Kind::Number, .text = below}}};
            when.branches.push_back({.condition = {.test = std::move(test)}, .then = toRoute(group->text)});
            m_account.changed(*group, fmt::format("where `complexity` is below {}; Signalbox judges it in its own way", below));
        }
        const Node *rest = param("complexity_router_default_model");
        const Node *most = found->find("REASONING");
        if (rest && rest->kind == Node::Kind::Scalar && !most)
            m_account.taken(*rest, "`else`");
        else if (rest)
            m_account.left(*rest, "each call has a complexity here, so that none is left for it");
        if (const Node *last = most ? most : rest; last && last->kind == Node::Kind::Scalar) {
            when.otherwise = toRoute(last->text);
            if (most)
                m_account.changed(*most, "`else`: every complexity above that");
        }
        if (when.branches.empty())
            return m_account.left(model, "its tiers name no models");
        m_all.group(name)->router = PlanNode {.node = std::move(when)};
        m_account.taken(model, "a `when` over complexity");
    }

    Gathered &m_all;
    Account &m_account;
    const Node *m_params;
    const Node *m_info;
    const Node *m_shared = nullptr;
    std::string m_prefix, m_providerName, m_deployment;
    Provider m_provider;
    Credential m_credential;
    ModelSettings m_settings;
    Deployment m_made;
};

} // namespace

void readModelList(Gathered &gathered, const Node &list)
{
    for (const Node &entry : list.items) {
        const Node *name = entry.find("model_name");
        const Node *params = entry.find("litellm_params");
        if (name == nullptr || name->kind != Node::Kind::Scalar || params == nullptr || params->kind != Node::Kind::Map) {
            gathered.account.left(entry, "an entry has `model_name` and `litellm_params`");
            continue;
        }
        EntryReader(gathered, entry).read(name->text);
        if (const ModelGroup *group = gathered.group(name->text); group->router || !group->deployments.empty())
            gathered.account.taken(*name, fmt::format("route {}", name->text));
        else
            gathered.account.left(*name, "nothing of it could be taken");
    }
    std::erase_if(gathered.groups, [](const ModelGroup &group) { return !group.router && group.deployments.empty(); });
}

} // namespace gateway::config::imports
