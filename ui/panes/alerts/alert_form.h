// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/alerts/alert_edit.h"
#include "ui/panes/form_lines.h"

#include <QHash>
#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace ui::widgets {
class Button;
class CountField;
class DurationField;
class Label;
}

namespace ui::panes {
class SecretLine;
}

namespace ui::alerts {

class LevelField;
class QuietField;
class ReceiversField;

/// The fields of one alert: those that its metric has.
class AlertForm final : public QWidget
{
    Q_OBJECT
public:
    using Change = std::function<void(Alert &)>;

    explicit AlertForm(QWidget *parent = nullptr);

    /// @param problems  of the gateway's check, by field: "when.above", "notify[2]"
    void show(const Config &config, const Alert &alert, bool editable, const QHash<QString, QString> &problems);
    using QWidget::show;
    void focusName();
    /// Why what is typed cannot be used, and so is not in the draft; empty: all of it is.
    [[nodiscard]] QString typedWrong() const;

Q_SIGNALS:
    void edited(const QString &what, const Change &change, const QString &merge);
    void typed();                      ///< typedWrong() may be another
    void secretMade(const QString &secret); ///< somebody has to be given it

private:
    using Line = panes::FormLines::Line;

    void makeCondition();
    void makeTimes();
    void makeTelling();
    void connectCondition();
    void connectTimes();
    void connectTelling();
    void editWhen(const QString &what, std::function<void(AlertWhen &)> change, const QString &merge = {});
    void showCondition(const Config &config, const AlertWhen &when);
    void showTimes(const Alert &alert);
    void showTelling(const Config &config, const Alert &alert, bool editable, const QHash<QString, QString> &problems);
    void setEditable(bool editable);
    void showProblems(const Alert &alert, const QHash<QString, QString> &problems);

    panes::FormLines m_lines;
    QLineEdit *m_name;
    QComboBox *m_metric, *m_scope, *m_subject, *m_side, *m_direction, *m_severity;
    LevelField *m_level, *m_clear;
    QSpinBox *m_days;
    widgets::DurationField *m_window, *m_holds, *m_clearFor, *m_repeat;
    widgets::CountField *m_minCalls;
    ReceiversField *m_receivers;
    panes::SecretLine *m_secret;
    widgets::Button *m_makeSecret, *m_dropSecret;
    QuietField *m_quiet;
    QCheckBox *m_resolved;
    widgets::Label *m_meaning, *m_problem;
    Line m_subjectLine, m_sideLine, m_levelLine, m_directionLine, m_daysLine, m_windowLine, m_minCallsLine, m_clearLine, m_secretLine;
    AlertScope m_offeredScope = AlertScope::Organisation;
    QStringList m_offered; ///< subjects
    bool m_filling = false;
    std::string m_shown; ///< the alert's name
};

} // namespace ui::alerts
