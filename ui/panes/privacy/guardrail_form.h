// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/form_lines.h"
#include "ui/panes/privacy/guardrail_words.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;

namespace ui::widgets {
class CopyButton;
class CountField;
class DurationField;
class Label;
class StateLabel;
}

namespace ui::panes {
class JsonEdit;
class LinesField;
}

namespace ui::privacy {

class PatternMark;

/// The fields of one guardrail: those that its kind has.
class GuardrailForm final : public QWidget
{
    Q_OBJECT
public:
    using Change = std::function<void(Guardrail &)>;
    /// Gives the key that a webhook's questions are signed with, by its address.
    using SigningKey = std::function<QString(const QString &url)>;

    explicit GuardrailForm(SigningKey signingKey, QWidget *parent = nullptr);

    /// @param problems  of the gateway's check, by field: "limit", "patterns[3]"
    void show(const Guardrail &guardrail, bool editable, const QHash<QString, QString> &problems);
    using QWidget::show;
    void focusFirst(); ///< what a new guardrail needs first
    /// Why what stands in a guardrail cannot be used, known before the gateway has checked it; empty: nothing is known.
    [[nodiscard]] static QString wrongIn(const Guardrail &guardrail);

Q_SIGNALS:
    void edited(const QString &what, const Change &change, const QString &merge);
    void kindWanted(gateway::config::GuardrailKind kind);

private:
    using Line = panes::FormLines::Line;

    void makeHead();
    void makeLimits();
    void makeWebhook();
    void connectFields();
    void connectWebhook();
    void showPatterns(const Guardrail &guardrail, const QHash<QString, QString> &problems);
    void showLines(const Guardrail &guardrail);
    void setEditable(bool editable);

    SigningKey m_signingKey;
    panes::FormLines m_lines;
    QComboBox *m_kind, *m_action, *m_looksAt, *m_streams, *m_onFailure;
    QLineEdit *m_name, *m_url;
    widgets::CountField *m_limit;
    panes::LinesField *m_patterns, *m_phrases;
    QDoubleSpinBox *m_threshold;
    panes::JsonEdit *m_schema;
    QCheckBox *m_repair;
    widgets::DurationField *m_timeout;
    widgets::CopyButton *m_key;
    PatternMark *m_mark;
    widgets::StateLabel *m_patternState;
    widgets::Label *m_kindNote, *m_actionNote, *m_limitNote, *m_streamNote, *m_keyNote, *m_problem;
    Line m_looksAtLine, m_limitLine, m_limitNoteLine, m_patternsLine, m_markLine, m_patternStateLine, m_phrasesLine, m_thresholdLine, m_schemaLine, m_repairLine, m_streamsLine, m_streamNoteLine, m_urlLine,
        m_timeoutLine, m_onFailureLine, m_keyLine, m_keyNoteLine;
    QString m_shownUrl;
    bool m_filling = false;
};

} // namespace ui::privacy
