// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/tool_choice_words.h"

namespace gateway::wire::openai_chat {

using Mode = ToolChoice::Mode;

bool readToolChoiceWord(RequestCursor &in, std::string_view name, std::optional<ToolChoice> &choice)
{
    Chars word;
    if (!in.chars(name, word))
        return false;
    if (word.empty())
        return true;
    for (const Mode mode : {Mode::Auto, Mode::None, Mode::Required}) {
        if (word.raw != toolChoiceWord(mode))
            continue;
        choice = ToolChoice {.mode = mode};
        return true;
    }
    return in.fail(name, "must be auto, none, required, or an object that names a function");
}

std::string_view toolChoiceWord(ToolChoice::Mode mode)
{
    switch (mode) {
    case Mode::Auto:
    case Mode::Named:
    case Mode::Allowed: return "auto";
    case Mode::None: return "none";
    case Mode::Required: return "required";
    }
    return "auto";
}

} // namespace gateway::wire::openai_chat
