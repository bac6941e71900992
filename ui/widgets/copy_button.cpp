// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/copy_button.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QTimer>

namespace ui::widgets {

CopyButton::CopyButton(const QString &label, std::function<QString()> text, QWidget *parent, Button::Kind kind) :
    QWidget(parent), m_button(new Button(kind, Icon::Copy, label, this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_button);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFocusProxy(m_button);
    auto *back = new QTimer(this);
    back->setSingleShot(true);
    back->setInterval(2000);
    connect(back, &QTimer::timeout, this, [this, label] {
        m_button->setText(label);
        m_button->setSymbol(Icon::Copy);
        m_button->setMinimumWidth(0);
    });
    connect(m_button, &QPushButton::clicked, this, [this, text = std::move(text), back] {
        QGuiApplication::clipboard()->setText(text());
        m_button->setMinimumWidth(m_button->width()); // what stands beside it stays where it is
        m_button->setSymbol(Icon::Check);
        if (!m_button->text().isEmpty())
            m_button->setText(tr("Copied"));
        back->start();
        Q_EMIT copied();
    });
}

} // namespace ui::widgets
