// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/sql_session.h"

#include <QTest>

#include <memory>
#include <string>
#include <vector>

namespace tests {

/// Asks a call log in SQL, as the console does.
class SqlAsker
{
public:
    explicit SqlAsker(const std::string &path)
    {
        auto opened = gateway::storage::SqlSession::open(path);
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        m_session = std::move(*opened);
    }

    gateway::SqlOutcome outcome(const std::string &text, gateway::storage::SqlLimits limits = {}, std::int64_t rows = 1'000'000)
    {
        const auto question = gateway::sqlQuestion(text, rows);
        if (!question)
            return std::unexpected(question.error());
        return run(*question, limits);
    }

    /// Past the console's own look at the text.
    gateway::SqlOutcome run(const gateway::SqlQuestion &question, gateway::storage::SqlLimits limits = {})
    {
        return m_session->run(question, "Europe/Berlin", limits, [](const gateway::SqlProgress &) { return true; });
    }

    std::shared_ptr<const gateway::SqlAnswer> answer(const std::string &text)
    {
        auto outcome = this->outcome(text);
        if (!outcome)
            qFatal("%s: %s", text.c_str(), outcome.error().message.c_str());
        return *outcome;
    }

    /// The rows as text, cells joined by "|", lines by "\n".
    std::string rows(const std::string &text)
    {
        const auto found = answer(text);
        std::string lines;
        for (std::size_t row = 0; row < found->result.rows(); ++row) {
            if (row > 0)
                lines += '\n';
            for (std::size_t column = 0; column < found->result.columns().size(); ++column) {
                if (column > 0)
                    lines += '|';
                lines += found->result.asText(row, column);
            }
        }
        return lines;
    }

    std::int64_t number(const std::string &text) { return std::stoll(rows(text)); }

private:
    std::unique_ptr<gateway::storage::SqlSession> m_session;
};

} // namespace tests
