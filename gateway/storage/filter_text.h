// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"

#include <optional>
#include <string>

/// Terms of the call filter that ask for words of requests and answers ("text:refund") as FTS5 writes them. What somebody typed
/// stands in quotes: nothing in it is grammar.
namespace gateway::storage {

/// Of a term, or of an AND or OR of such alone; nullopt: there is something else in it.
std::optional<std::string> textExpression(const CallFilter::Node &node);

/// The parts of an AND that are such, as one expression; nullopt: none is.
std::optional<std::string> textOfAll(const CallFilter::Node &root);

} // namespace gateway::storage
