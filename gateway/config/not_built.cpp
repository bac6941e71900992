// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/not_built.h"

#include <algorithm>
#include <array>

namespace gateway::config {

namespace {

constexpr std::array table {
    NotBuilt {"gateway", "database", "sqlite"},
    NotBuilt {"gateway", "redis", ""},
};

constexpr std::array<std::string_view, 24> kinds {"openai", "azure", "anthropic", "gemini", "vertex", "bedrock", "cohere", "mistral", "groq",
                                                  "together", "deepinfra", "fireworks", "deepseek", "xai", "openrouter", "perplexity", "cerebras",
                                                  "moonshot", "alibaba", "ollama", "vllm", "lmstudio", "llamacpp", "openai-compatible"};

} // namespace

const NotBuilt *findNotBuilt(std::string_view section, std::string_view key)
{
    const auto row = std::find_if(table.begin(), table.end(), [&](const NotBuilt &entry) { return entry.section == section && entry.key == key; });
    return row == table.end() ? nullptr : &*row;
}

std::span<const std::string_view> namedKinds()
{
    return kinds;
}

} // namespace gateway::config
