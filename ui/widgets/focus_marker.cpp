// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/focus_marker.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QEvent>
#include <QFocusFrame>
#include <QPlainTextEdit>

namespace ui::widgets {

namespace {

/// A text in a frame of its own is a field like those of one line, which have the ring always.
bool isField(const QWidget *widget)
{
    const auto *text = qobject_cast<const QPlainTextEdit *>(widget);
    return text && text->frameShape() != QFrame::NoFrame && !text->isReadOnly();
}

} // namespace

FocusMarker::FocusMarker(QObject *parent) : QObject(parent)
{
    qApp->installEventFilter(this); // Qt's own WA_KeyboardFocusChange stays set when somebody goes on by mouse
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) { mark(now); });
}

const QWidget *FocusMarker::marked() const { return m_frame ? m_frame->widget() : nullptr; }

/// Others than fields only for who came by key: a click says itself where the keys go.
bool FocusMarker::wantsRing(const QWidget *widget) const
{
    if (!widget || widget->window()->windowType() == Qt::Popup)
        return false;
    return isField(widget) || (m_byKey && (qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QAbstractItemView *>(widget)));
}

void FocusMarker::mark(QWidget *focused)
{
    if (!wantsRing(focused))
        return m_frame ? m_frame->setWidget(nullptr) : void();
    if (!m_frame)
        m_frame = new QFocusFrame;
    m_frame->setWidget(focused);
}

bool FocusMarker::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        m_byKey = true;
    } else if (event->type() == QEvent::MouseButtonPress) {
        m_byKey = false;
        if (marked() && !isField(marked()))
            m_frame->setWidget(nullptr);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace ui::widgets
