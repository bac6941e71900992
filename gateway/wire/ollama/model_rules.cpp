// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/ollama/model_rules.h"

#include <algorithm>
#include <array>

namespace gateway::wire::ollama {

ModelRules rulesOf(std::string_view model)
{
    using Thinking = ModelRules::Thinking;
    constexpr std::array<std::string_view, 22> thoughtless {
        "llama2", "llama3", "llama4", "llava", "codellama", "tinyllama", "mistral", "mixtral", "codestral", "devstral", "gemma:",
        "gemma2", "gemma3", "codegemma", "phi:", "phi3", "qwen2", "qwen:", "command-r", "starcoder", "deepseek-coder", "smollm"};
    model = model.substr(model.rfind('/') + 1);
    if (model.starts_with("gpt-oss"))
        return {.thinking = Thinking::Levels};
    return {.thinking = std::ranges::any_of(thoughtless, [&](std::string_view family) { return model.starts_with(family); }) ? Thinking::None : Thinking::Switch};
}

} // namespace gateway::wire::ollama
