// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/request_scan.h"

#include <string_view>

namespace gateway::pipeline {

struct Exchange;

/// The prompt that a call names, and for whom the call is made.
struct NamedPrompt
{
    std::string_view reference;    ///< "name", "name@3" or "name@label"
    std::string_view customer {};  ///< an experiment leads each to the same version
    std::string_view session {};   ///< the same, where no customer is named
};

/// Makes the request that a version of a prompt stands for. One for each worker. Implemented by stages/prompt, for the stage
/// that reads what is asked.
class PromptExpander
{
public:
    virtual ~PromptExpander() = default;
    /// Fills in x.filledBody, and the version in the record; the model that the version names goes into x.pathModel where
    /// the call's path named one.
    /// @param scan  of the caller's body
    /// @return UnknownPrompt; BadRequest, whose `where` is the variable; NotSupported: the call is no chat
    virtual Result<void> expand(Exchange &x, const wire::RequestScan &scan, const NamedPrompt &named) = 0;
};

} // namespace gateway::pipeline
