// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/save_file.h"

#include <QBuffer>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QObject>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <utility>

using namespace Qt::StringLiterals;

namespace ui::widgets {

SaveOffer pictureOffer(const QString &name) { return {QObject::tr("Export a picture"), name + u".png"_s, QObject::tr("Pictures (*.png)")}; }
SaveOffer drawingOffer(const QString &name) { return {QObject::tr("Export a drawing"), name + u".svg"_s, QObject::tr("Drawings (*.svg)")}; }
SaveOffer tableOffer(const QString &name) { return {QObject::tr("Export a table"), name + u".csv"_s, QObject::tr("Tables (*.csv)")}; }

void askWhereToSave(QWidget *parent, const SaveOffer &offer, const std::function<void(const QString &path)> &chosen)
{
    auto *dialog = new QFileDialog(parent, offer.title, offer.name, offer.filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QFileInfo(offer.name).suffix());
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, chosen);
    dialog->open();
}

QString writeWhole(const QString &path, const QByteArray &content, Readers readers)
{
    return writePieces(path, [rest = content]() mutable { return std::exchange(rest, {}); }, readers);
}

QString writePieces(const QString &path, const std::function<QByteArray()> &next, Readers readers)
{
    QSaveFile file(path);
    // Its rights before anything is in it: nobody else may read along meanwhile.
    bool written = file.open(QIODevice::WriteOnly) && (readers == Readers::Everyone || file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    for (QByteArray piece; written && !(piece = next()).isEmpty();)
        written = file.write(piece) == piece.size();
    return written && file.commit() ? QString() : QObject::tr("Cannot write %1: %2. Choose a folder that you may write to, with space left.").arg(path, file.errorString());
}

void saveFile(QWidget *parent, const SaveOffer &offer, const std::function<QByteArray()> &content, const std::function<void(const QString &words)> &told)
{
    askWhereToSave(parent, offer, [content, told](const QString &path) {
        const QString problem = writeWhole(path, content());
        told(problem.isEmpty() ? QObject::tr("%1 written").arg(path) : problem);
    });
}

QByteArray toPng(const QImage &image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray toSvg(const QSize &size, const QString &title, const std::function<void(QPainter *)> &paint)
{
    QBuffer buffer;
    QSvgGenerator drawing;
    drawing.setOutputDevice(&buffer);
    drawing.setSize(size);
    drawing.setViewBox(QRect({}, size));
    drawing.setTitle(title);
    drawing.setResolution(96);
    QPainter painter(&drawing);
    paint(&painter);
    painter.end();
    return buffer.data();
}

} // namespace ui::widgets
