// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "ui/widgets/card.h"

#include <QHash>

#include <functional>

class QLineEdit;
class QScrollArea;

namespace ui::panes {
class JsonEdit;
class LinesField;
}

namespace ui::widgets {
class EmptyState;
class Label;
}

namespace ui::prompts {

/// One case of a test set: the values that a version gets, and what its answer must be.
class TestCaseForm final : public widgets::Card
{
    Q_OBJECT
public:
    using Change = std::function<void(gateway::config::PromptTestCase &)>;
    explicit TestCaseForm(QWidget *parent = nullptr);

    /// @param test      null: none is chosen
    /// @param problems  of the gateway's check, by field: "matches[0]"
    void show(const gateway::config::PromptTestCase *test, bool editable, const QHash<QString, QString> &problems);
    using QWidget::show;
    void focusName();
    [[nodiscard]] QString typedWrong() const; ///< what is no JSON; empty: nothing

Q_SIGNALS:
    void edited(const QString &what, const Change &change, const QString &merge);

private:
    void connectFields();

    QScrollArea *m_page;
    widgets::EmptyState *m_none;
    QLineEdit *m_name;
    panes::JsonEdit *m_variables, *m_schema;
    panes::LinesField *m_matches, *m_notMatches;
    widgets::Label *m_problem;
    std::string m_variablesText, m_schemaText; ///< as they are shown
};

} // namespace ui::prompts
