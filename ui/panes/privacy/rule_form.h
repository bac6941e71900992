// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/form_lines.h"
#include "ui/panes/privacy/policy_words.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;

namespace ui::widgets {
class Label;
class NamesField;
class StateLabel;
}

namespace ui::panes {
class LinesField;
}

namespace ui::privacy {

class PatternMark;

/// The fields of one rule: those that its detector has.
class RuleForm final : public QWidget
{
    Q_OBJECT
public:
    explicit RuleForm(QWidget *parent = nullptr);

    /// @param policy    that the rule is of: what the detector can be changed to
    /// @param problems  of the gateway's check, by field: "pattern", "words[3]"
    void show(const Policy &policy, const Rule &rule, bool editable, const QHash<QString, QString> &problems);
    using QWidget::show;
    void focusFirst(); ///< what a new rule needs first

Q_SIGNALS:
    void edited(const QString &what, const std::function<void(Rule &)> &change, const QString &merge);
    void detectorWanted(const QString &detect);

private:
    using Line = panes::FormLines::Line;

    void makeOwnFields();
    void makeCommonFields();
    void fillDetectors(const Policy &policy, const std::string &chosen);
    void connectFields();
    void showPattern(const QString &pattern, const QString &problem);

    panes::FormLines m_lines;
    QLineEdit *m_name, *m_pattern, *m_url;
    QComboBox *m_detector, *m_action, *m_onFailure;
    panes::LinesField *m_words, *m_allow;
    widgets::NamesField *m_entities, *m_context, *m_regions;
    QDoubleSpinBox *m_threshold;
    PatternMark *m_mark;
    widgets::StateLabel *m_patternState;
    widgets::Label *m_wordCount, *m_meaning, *m_problem;
    Line m_nameLine, m_patternLine, m_patternStateLine, m_markLine, m_wordsLine, m_wordCountLine, m_urlLine, m_entitiesLine, m_onFailureLine, m_contextLine, m_regionsLine;
    QStringList m_offered;  ///< the chosen detector, and those that cannot be chosen
    bool m_filling = false;
};

} // namespace ui::privacy
