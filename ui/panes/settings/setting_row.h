// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/view_context.h"
#include "ui/panes/settings/setting_table.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLineEdit;
class QVBoxLayout;

namespace ui::widgets {
class Label;
class StateLabel;
}

namespace ui::settings {

/// A line of the settings: label and note at the left, a field at the right, an error under it. GUI thread.
class SettingLine : public QWidget
{
    Q_OBJECT
public:
    SettingLine(const QString &label, const QString &note, const QString &keywords, QWidget *parent = nullptr);
    /// Whether label, note or keywords hold every word of `search`.
    [[nodiscard]] bool matches(const QString &search) const;
    void setField(QWidget *field);
    void setBelow(QWidget *widget); ///< over the whole width, under the label and the field

protected:
    void setProblem(const QString &problem, bool warning = false);
    void setLock(const QString &file); ///< read-only, with a lock that names the file; empty: none

private:
    QString m_words;
    widgets::Label *m_note;
    widgets::StateLabel *m_problem;
    widgets::StateLabel *m_lock;
    QHBoxLayout *m_row;
    QVBoxLayout *m_column;
};

/// A setting of the gateway: applied when its field is left or Enter is pressed, with a toast that undoes it. What the
/// gateway does not take stays in the field with the reason beside it.
class SettingRow final : public SettingLine
{
    Q_OBJECT
public:
    SettingRow(const Setting &setting, gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);
    [[nodiscard]] const Setting &setting() const { return m_setting; }
    /// Shows what the gateway has now.
    void refresh(const QString &ownerFile);
    /// Of the listener, where it could not do what the address asks.
    void showListener();
    [[nodiscard]] bool isHeld(const gateway::api::ListenerState &listener) const;

private:
    void makeField();
    void makeTextField();
    void commit(const QString &text);
    void take(const gateway::api::ApplyOutcome &outcome, const QString &before);
    [[nodiscard]] QString stored() const;
    [[nodiscard]] QString shownField() const;

    const Setting &m_setting;
    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    QLineEdit *m_text = nullptr;
    QComboBox *m_choice = nullptr;
    QCheckBox *m_switch = nullptr;
    bool m_busy = false;
    bool m_refused = false;
};

} // namespace ui::settings
