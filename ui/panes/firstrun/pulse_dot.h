// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVariantAnimation>
#include <QWidget>

namespace ui::widgets {
class MotionPreference;
}

namespace ui::firstrun {

/// A dot that pulses while something is awaited, and is still where the desktop asks for less motion; then a tick or a
/// cross.
class PulseDot final : public QWidget
{
    Q_OBJECT
public:
    enum class State { Idle, Waiting, Well, Failed };
    explicit PulseDot(QWidget *parent = nullptr);
    void setState(State state);
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool moving() const { return m_pulse.state() == QAbstractAnimation::Running; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void follow();

    QVariantAnimation m_pulse;
    widgets::MotionPreference *m_motion;
    State m_state = State::Idle;
};

} // namespace ui::firstrun
