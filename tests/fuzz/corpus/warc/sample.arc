filedesc://sample.arc 0.0.0.0 20200101000000 text/plain 76
1 0 InternetArchive
URL IP-address Archive-date Content-type Archive-length

http://example.org/ 192.0.2.7 20200101000001 text/html 50
HTTP/1.0 200 OK
Content-Type: text/html

<p>arc
