// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/button.h"

#include <QRadioButton>
#include <QVBoxLayout>
#include <QWidget>

namespace ui::widgets {
class Label;
class StateLabel;
}

namespace ui::firstrun {

/// One way to a provider: a framed row with a radio button, and below it how its test went and the button that tests.
class ChoiceCard : public QWidget
{
    Q_OBJECT
public:
    /// @param id  of the object names: "<id>.radio", "<id>.use", "<id>.result"
    ChoiceCard(const QString &id, const QString &useText, QWidget *parent = nullptr);

    [[nodiscard]] QRadioButton *radio() const { return m_radio; }
    [[nodiscard]] bool chosen() const { return m_radio->isChecked(); }
    [[nodiscard]] widgets::Button *use() const { return m_use; }

    void showHint(const QString &text);
    void showBusy(const QString &text);             ///< the button cancels then
    void showGood(const QString &text);             ///< the button goes
    /// @param another  what the person may do all the same; empty: nothing
    void showProblem(const QString &headline, const QString &detail, const QString &another = {});
    [[nodiscard]] bool busy() const { return m_busy; }

Q_SIGNALS:
    void useRequested();
    void cancelRequested();
    void anotherRequested();

protected:
    [[nodiscard]] QHBoxLayout *row() const { return m_row; }       ///< after the radio button
    [[nodiscard]] QVBoxLayout *inside() const { return m_inside; } ///< below the row, in the frame
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void show(widgets::Icon icon, widgets::Role role, const QString &text, const QString &detail);

    QWidget *m_frame;
    QRadioButton *m_radio;
    QHBoxLayout *m_row;
    QVBoxLayout *m_inside;
    QWidget *m_below;
    widgets::StateLabel *m_state;
    widgets::Label *m_detail;
    widgets::Button *m_use;
    widgets::Button *m_another;
    QString m_useText;
    bool m_busy = false;
};

} // namespace ui::firstrun
