// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL console's scanner: its words cover whatever is typed, and a query that got a LIMIT has one.
#include "gateway/core/sql_question.h"
#include "gateway/core/sql_tokens.h"
#include "tests/fuzz/pieces.h"

using fuzz::require;
using gateway::SqlToken;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    std::size_t at = 0;
    for (const SqlToken &token : gateway::sqlTokens(text)) {
        require(token.from >= at && token.from < token.to && token.to <= text.size(), "words follow one another within the text");
        require(text.find_first_not_of(" \t\n\r\f", at) == token.from, "between words is white space alone");
        at = token.to;
    }
    require(text.find_first_not_of(" \t\n\r\f", at) == std::string::npos, "and after the last");
    const auto question = gateway::sqlQuestion(text);
    if (!question) {
        require(!question.error().message.empty() && question.error().from <= question.error().to && question.error().to <= text.size(), "a problem has words and lies within the text");
        return 0;
    }
    require(question->limited == (question->text != text), "the text changes with a LIMIT alone");
    const auto again = gateway::sqlQuestion(question->text);
    require(again && !again->limited, "what has a LIMIT gets no second one");
    if (question->limited) {
        std::string without = question->text;
        without.erase(question->from - 1, question->to - question->from + 1);
        require(without == text, "without its LIMIT it is what was typed");
    }
    return 0;
}
