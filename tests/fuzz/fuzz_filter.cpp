// SPDX-License-Identifier: GPL-3.0-or-later
// The call log's filter language: whatever is typed is a filter, or an error that points into it.
#include "gateway/core/call_filter.h"
#include "tests/fuzz/pieces.h"

using gateway::CallFilter;
using fuzz::require;

namespace {

void check(const CallFilter::Node &node)
{
    using Kind = CallFilter::Kind;
    require((node.kind == Kind::Term) == (node.field != nullptr), "a term, and nothing else, has a field");
    require(node.kind == Kind::Not ? node.children.size() == 1 : node.kind == Kind::And || node.kind == Kind::Or ? node.children.size() >= 2 : node.children.empty(), "as many children as its kind has");
    for (const CallFilter::Node &child : node.children) {
        require(child.kind != Kind::All, "nothing is never a part of something");
        check(child);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    const auto filter = CallFilter::parse(text);
    if (!filter) {
        const CallFilter::ParseError &error = filter.error();
        require(!error.message.empty() && error.from <= error.to && error.to <= text.size(), "an error has words and lies within the text");
        return 0;
    }
    check(filter->root());
    const auto again = CallFilter::parse(filter->text());
    require(again && *again == *filter, "its own text gives it again");
    return 0;
}
