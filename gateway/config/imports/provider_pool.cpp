// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/provider_pool.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace gateway::config::imports {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 36> kinds {{
    {"openai", "openai"}, {"azure", "azure"}, {"azure-openai", "azure"}, {"anthropic", "anthropic"}, {"gemini", "gemini"}, {"google", "gemini"}, {"vertex_ai", "vertex"},
    {"vertex_ai_beta", "vertex"}, {"vertex-ai", "vertex"}, {"bedrock", "bedrock"}, {"cohere", "cohere"}, {"cohere_chat", "cohere"}, {"mistral", "mistral"}, {"mistral-ai", "mistral"},
    {"groq", "groq"}, {"together_ai", "together"}, {"together-ai", "together"}, {"deepinfra", "deepinfra"}, {"fireworks_ai", "fireworks"}, {"fireworks-ai", "fireworks"},
    {"deepseek", "deepseek"}, {"xai", "xai"}, {"x-ai", "xai"}, {"openrouter", "openrouter"}, {"perplexity", "perplexity"}, {"perplexity-ai", "perplexity"}, {"cerebras", "cerebras"},
    {"moonshot", "moonshot"}, {"dashscope", "alibaba"}, {"ollama", "ollama"}, {"ollama_chat", "ollama"}, {"hosted_vllm", "vllm"}, {"vllm", "vllm"}, {"lm_studio", "lmstudio"},
    {"llamafile", "llamacpp"}, {"openai_like", "openai-compatible"},
}};

constexpr std::size_t longestName = 64;

bool sameSecrets(const Credential &a, const Credential &b)
{
    Credential other = b;
    other.name = a.name;
    return a == other;
}

} // namespace

std::string_view kindOf(std::string_view foreign)
{
    const auto row = std::ranges::find(kinds, foreign, &std::pair<std::string_view, std::string_view>::first);
    return row == kinds.end() ? std::string_view() : row->second;
}

std::string asName(std::string_view text, std::string_view otherwise)
{
    std::string name;
    for (const char c : text.substr(0, longestName - 4)) { // room for a number behind it
        const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        name += fits ? c : '-';
    }
    return name.empty() ? std::string(otherwise) : name;
}

std::string ProviderPool::freeName(std::string_view name) const
{
    const std::string base = asName(name, "provider");
    std::string free = base;
    for (int i = 2; std::ranges::find(m_providers, free, &Provider::name) != m_providers.end(); ++i)
        free = fmt::format("{}-{}", base, i);
    return free;
}

ProviderPool::Place ProviderPool::place(Provider wanted, Credential credential, std::string_view name)
{
    const auto same = std::ranges::find_if(m_providers, [&](const Provider &candidate) {
        Provider bare = candidate;
        bare.name.clear();
        bare.credentials.clear();
        bare.models.clear();
        bare.deployments.clear();
        bare.quota = {};
        return bare == wanted;
    });
    const std::size_t index = static_cast<std::size_t>(same - m_providers.begin());
    if (same == m_providers.end()) {
        wanted.name = freeName(name);
        m_providers.push_back(std::move(wanted));
    }
    if (credential == Credential {})
        return {.provider = index}; // it needs none
    std::vector<Credential> &credentials = m_providers[index].credentials;
    credential.name = asName(credential.name, "main");
    const auto known = std::ranges::find_if(credentials, [&](const Credential &each) { return sameSecrets(each, credential); });
    if (known != credentials.end())
        return {.provider = index, .credential = known->name};
    const std::string base = credential.name;
    for (int i = 2; std::ranges::find(credentials, credential.name, &Credential::name) != credentials.end(); ++i)
        credential.name = fmt::format("{}-{}", base, i);
    credentials.push_back(credential);
    return {.provider = index, .credential = credential.name};
}

} // namespace gateway::config::imports
