// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/wire/caller_format.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::wire {

/// What a request's path names.
enum class PathKind : std::uint8_t {
    Call,     ///< a model is asked: `endpoint` says how; `argument`, of /v1/prompts/{prompt}/completions alone, is the prompt
    Stored,   ///< /v1/responses/{id} and what is below it: an answer that a provider keeps; `argument` is its id, `rest` what follows
    Passthrough, ///< /passthrough/{provider}/...: `argument` is the provider, `rest` what follows, with its slash
    Models,   ///< GET /v1/models
    Model,    ///< GET /v1/models/{id}: `argument`, percent-decoded
    CallLog,  ///< GET /v1/calls and /v1/calls/{id}: the key's own calls
    Feedback, ///< POST /v1/feedback: what somebody says of a call's answer
    Health,   ///< /healthz
    Ready,    ///< /readyz
    Metrics,  ///< /metrics
    Version,  ///< /version
    Admin,    ///< /admin/..., and LiteLLM's management calls (/key/generate and so on), which take an admin token too
    Unknown
};

struct PathMatch
{
    PathKind kind = PathKind::Unknown;
    Endpoint endpoint = Endpoint::Other;
    CallerFormat format = CallerFormat::OpenAi;
    std::string argument {};       ///< of Model, Stored, Passthrough and prompts' calls; percent-decoded
    std::string model {};          ///< named by the path itself (Gemini's and Azure's forms), percent-decoded; empty: the body names it
    bool streams = false;          ///< the path asks for a stream (Gemini's)
    std::string_view rest {};      ///< of Passthrough, as sent; of Stored "", "/input_items" or "/cancel"; part of the path
    bool methodAllowed = true;
    std::string_view allow {}; ///< for 405: the Allow header
};

/// @param method  as sent ("POST"); HEAD counts as GET, OPTIONS is always allowed
/// @param path    target before '?', not decoded
PathMatch matchPath(std::string_view method, std::string_view path);

} // namespace gateway::wire
