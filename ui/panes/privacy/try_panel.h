// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"
#include "ui/panes/privacy/policy_words.h"
#include "ui/panes/privacy/rule_colors.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QStackedWidget;

namespace ui::widgets {
class Button;
class Card;
class EmptyState;
class Label;
class SectionBanner;
class SegmentedControl;
class StateLabel;
}

namespace ui::privacy {

class FoundLegend;
class SpanText;

/// Tries the policy as it is edited on a text: what it finds, what its guardrails have against it, and what a provider would
/// get. Follows edits of both.
class TryPanel final : public QWidget
{
    Q_OBJECT
public:
    /// @param tools  outlives this
    TryPanel(gateway::api::PrivacyTools &tools, RuleColors &colors, QWidget *parent = nullptr);

    /// Tries again a moment later, where anything changed. @param policy  flattened(); nullopt: there is none
    void setPolicy(const std::optional<Policy> &policy);
    void setActive(bool active);                          ///< nothing is tried while it is not
    void tryNow();
    void focusText();

private:
    QWidget *makeHeader();
    QWidget *makeTexts();
    void wait();
    void ask();
    void show(const gateway::api::PrivacyTrial &trial, const std::string &text);
    void showProblem(const QString &why);
    void showFound(const gateway::api::PrivacyTrial &trial);
    void showGuardrails(const gateway::api::PrivacyTrial &trial);
    void showBlocked(const gateway::api::PrivacyTrial &trial);
    [[nodiscard]] bool isAnswer() const;

    gateway::api::PrivacyTools &m_tools;
    RuleColors &m_colors;
    std::optional<Policy> m_policy; ///< with all that it extends
    bool m_active = false, m_due = true;
    quint64 m_generation = 0;
    QTimer m_timer;
    SpanText *m_text, *m_sent;
    FoundLegend *m_legend;
    widgets::Label *m_count, *m_note, *m_notAsked;
    widgets::Button *m_test;
    widgets::SectionBanner *m_problem;
    widgets::EmptyState *m_blocked;
    QStackedWidget *m_outcome;
    widgets::Card *m_sentCard = nullptr;
    widgets::SegmentedControl *m_as; ///< what guardrails take the text for
    QWidget *m_guardrails;           ///< what they have against it, a line each
    QList<widgets::StateLabel *> m_lines;
};

} // namespace ui::privacy
