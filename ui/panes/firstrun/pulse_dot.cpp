// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/pulse_dot.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/motion.h"

#include <QPainter>

namespace ui::firstrun {
namespace {

constexpr int side = 28;
constexpr int pulseMs = 1600;
constexpr double stillHalo = 0.7; ///< share of the widest ring, where nothing moves

} // namespace

PulseDot::PulseDot(QWidget *parent) : QWidget(parent), m_motion(new widgets::MotionPreference(this))
{
    setFixedSize(side, side);
    m_pulse.setStartValue(0.0);
    m_pulse.setKeyValueAt(0.5, 1.0);
    m_pulse.setEndValue(0.0);
    m_pulse.setEasingCurve(QEasingCurve::InOutSine);
    m_pulse.setDuration(pulseMs);
    m_pulse.setLoopCount(-1);
    connect(&m_pulse, &QVariantAnimation::valueChanged, this, qOverload<>(&QWidget::update));
    connect(m_motion, &widgets::MotionPreference::changed, this, &PulseDot::follow);
}

void PulseDot::setState(State state)
{
    m_state = state;
    follow();
    update();
}

void PulseDot::follow()
{
    const bool move = m_state == State::Waiting && isVisible() && !m_motion->reduced();
    if (move && !moving())
        m_pulse.start();
    else if (!move && moving())
        m_pulse.stop();
}

void PulseDot::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    follow();
}

void PulseDot::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_pulse.stop();
}

void PulseDot::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_state == State::Well || m_state == State::Failed) {
        const bool well = m_state == State::Well;
        widgets::paintIcon(&painter, well ? widgets::Icon::Ok : widgets::Icon::Error, QRectF(2, 2, 24, 24), well ? c.ok : c.err);
        return;
    }
    const QPointF middle(side / 2.0, side / 2.0);
    painter.setPen(Qt::NoPen);
    if (m_state == State::Waiting) {
        const double phase = moving() ? m_pulse.currentValue().toDouble() : stillHalo;
        painter.setBrush(widgets::blended(c.surface, c.accent, 0.08 + 0.10 * phase));
        painter.drawEllipse(middle, 9 + 4 * phase, 9 + 4 * phase);
        painter.setBrush(widgets::blended(c.surface, c.accent, 0.35));
        painter.drawEllipse(middle, 8, 8);
    }
    painter.setBrush(m_state == State::Waiting ? c.accent : c.control);
    painter.drawEllipse(middle, 5, 5);
}

} // namespace ui::firstrun
